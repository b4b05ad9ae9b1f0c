package io.scorecast.server.audience;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {

    @TempDir
    Path folder;

    /** With a small budget nearly every customer's log is spread over many runs. */
    @ParameterizedTest
    @ValueSource(longs = {2_000, 100_000, 1L << 30})
    void spool_isSortedUniqueAndKeepsTheOrderOfLogs(long budget) throws IOException {
        Map<String, ByteArrayOutputStream> expected = new TreeMap<>();
        SplittableRandom random = new SplittableRandom(budget);
        Path target = folder.resolve("spool");
        long count;
        try (SpoolBuilder builder = new SpoolBuilder(target, budget)) {
            for (int i = 0; i < 20_000; i++) {
                String id = "ä-" + random.nextInt(3_000);
                byte[] log = ("<" + i + ">").getBytes(StandardCharsets.UTF_8);
                builder.add(id, log);
                expected.computeIfAbsent(id, key -> new ByteArrayOutputStream()).writeBytes(log);
            }
            count = builder.finish(() -> false);
        }
        assertThat(count).isEqualTo(expected.size());
        List<Long> offsets = new ArrayList<>(List.of(0L));
        List<String> ids = new ArrayList<>();
        try (SpoolReader reader = new SpoolReader(target, 0)) {
            while (reader.next()) {
                ids.add(reader.id());
                offsets.add(reader.offset());
                assertThat(reader.log()).isEqualTo(expected.get(reader.id()).toByteArray());
            }
        }
        assertThat(ids).containsExactlyElementsOf(expected.keySet());
        try (SpoolReader reader = new SpoolReader(target, offsets.get(ids.size() / 2))) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.id()).isEqualTo(ids.get(ids.size() / 2));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(target);
        }
    }
}
