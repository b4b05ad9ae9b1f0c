package io.scorecast.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./scorecast audience score} from event files alone, by the shipped models. */
class AudienceCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private Path events() throws IOException {
        return Files.write(
                folder.resolve("events.ndjson"),
                List.of(
                        purchase("b", "1", "2026-05-01T10:00:00Z"),
                        purchase("a", "2", "2026-05-02T10:00:00Z"),
                        "{\"id\": \"3\", \"customer_id\": \"c\"}",
                        purchase("b", "4", "2026-05-20T10:00:00Z")));
    }

    private static String purchase(String customer, String id, String time) {
        return "{\"id\": \"" + id + "\", \"customer_id\": \"" + customer + "\", \"type\": \"purchase\", \"time\": \""
                + time + "\", \"value\": 4.5, \"category\": \"grocery/eggs/eggs-large\", \"order_id\": \"o" + id
                + "\"}";
    }

    private Commands.Done score(Path out, Object... more) throws IOException {
        Object[] words = {
            "audience",
            "score",
            "--models",
            TestService.SHIPPED_MODELS,
            "--events",
            events(),
            "--at",
            "2026-06-01T12:00:00Z",
            "--out",
            out
        };
        Object[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return Commands.run(all);
    }

    private static JsonNode manifest(Path out) throws IOException {
        return JSON.readTree(Files.readAllBytes(out.resolve("manifest.json")));
    }

    @Test
    void events_areScoredWithoutRedis() throws IOException {
        Path out = folder.resolve("out");
        Commands.Done done = score(out, "--columns", "customer_id,profile_events");
        assertThat(done.code()).as(done.err()).isZero();
        assertThat(Files.readString(out.resolve("part-00001.csv")))
                .isEqualTo("customer_id,profile_events\r\na,1\r\nb,2\r\n");
        assertThat(Files.readAllLines(out.resolve("rejected.csv")).get(1))
                .contains("type")
                .contains("events.ndjson: line 3");
        assertThat(manifest(out).path("rows").asInt()).isEqualTo(2);
        assertThat(score(out).err()).contains("holds a job already").hasLineCount(1);
    }

    /** What answers depend on is read as by the service; with other settings they are other answers. */
    @Test
    void sourcePriority_isPartOfWhatTheScoresDependOn() throws IOException {
        assertThat(score(folder.resolve("plain")).code()).isZero();
        assertThat(score(folder.resolve("crm"), "--source-priority", "crm,shop").code())
                .isZero();
        assertThat(manifest(folder.resolve("crm")).path("fingerprint"))
                .isNotEqualTo(manifest(folder.resolve("plain")).path("fingerprint"));
    }

    @Test
    void resume_whileAnotherWorksOnIt_isRefused() throws IOException {
        Path out = folder.resolve("out");
        assertThat(score(out).code()).isZero();
        try (FileChannel channel = FileChannel.open(out.resolve(".job/lock"), StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            Commands.Done refused =
                    Commands.run("audience", "score", "--models", TestService.SHIPPED_MODELS, "--resume", "--out", out);
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("another process works on that job")
                    .hasLineCount(1);
        }
    }

    @Test
    void outThatIsAFile_isAFailureInOneLine() throws IOException {
        Commands.Done done = score(Files.writeString(folder.resolve("file"), "x"));
        assertThat(done.code()).isEqualTo(1);
        assertThat(done.err()).contains(folder.resolve("file").toString()).hasLineCount(1);
    }
}
