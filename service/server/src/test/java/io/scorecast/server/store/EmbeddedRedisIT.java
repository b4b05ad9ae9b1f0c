package io.scorecast.server.store;

import static io.scorecast.server.store.TestEvents.event;
import static io.scorecast.server.store.TestEvents.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.server.store.ProfileStore.Append;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

class EmbeddedRedisIT {

    private static final CustomerId CUSTOMER = CustomerId.of("c-1");

    @TempDir
    private Path folder;

    private static void append(EmbeddedRedis redis, String id) {
        try (RedisStore store = RedisClients.open(redis.url())) {
            store.append(List.of(new Append(CUSTOMER, event(CUSTOMER, id))));
        }
    }

    private static List<String> read(EmbeddedRedis redis) {
        try (RedisStore store = RedisClients.open(redis.url())) {
            return ids(CUSTOMER, store.read(List.of(CUSTOMER)).getFirst());
        }
    }

    private ProcessHandle process() throws IOException {
        RedisLeftover note = Objects.requireNonNull(RedisLeftover.of(folder.toRealPath()));
        return ProcessHandle.of(note.pid()).orElseThrow();
    }

    private static void await(ProcessHandle process) {
        RedisProcess.await("the process ends", () -> !process.isAlive());
    }

    @Test
    void close_thenStart_hasWhatWasWritten() throws IOException {
        ProcessHandle first;
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            append(redis, "e-1");
            first = process();
        }
        assertThat(first.isAlive()).isFalse();
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            assertThat(read(redis)).containsExactly("e-1");
        }
    }

    @Test
    void start_withFsync_tellsRedis() throws IOException {
        for (Fsync fsync : Fsync.values()) {
            try (EmbeddedRedis redis = EmbeddedRedis.start(folder, fsync);
                    Jedis admin = new Jedis(redis.url())) {
                assertThat(admin.configGet("appendfsync")).containsEntry("appendfsync", fsync.word());
                assertThat(admin.configGet("appendonly")).containsEntry("appendonly", "yes");
                assertThat(admin.configGet("maxmemory-policy")).containsEntry("maxmemory-policy", "noeviction");
            }
        }
    }

    @Test
    void redisKilled_isStartedAgainWithWhatWasAcknowledged() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder, Fsync.ALWAYS);
                RedisStore store = RedisClients.open(redis.url())) {
            for (int kill = 0; kill < 3; kill++) {
                store.append(List.of(new Append(CUSTOMER, event(CUSTOMER, "e-" + kill))));
                ProcessHandle killed = process();
                killed.destroyForcibly();
                await(killed);
                RedisProcess.await("it answers again", () -> {
                    try {
                        store.ping();
                        return true;
                    } catch (StoreUnavailableException e) {
                        return false;
                    }
                });
            }
            assertThat(read(redis)).containsExactly("e-0", "e-1", "e-2");
        }
    }

    @Test
    void start_whileAnotherHasTheFolder_usesThatOne() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            append(redis, "e-1");
            try (EmbeddedRedis second = EmbeddedRedis.start(folder)) {
                assertThat(second.url()).isEqualTo(redis.url());
                assertThat(redis.isOwn()).isTrue();
                assertThat(second.isOwn()).isFalse();
                append(second, "e-2");
            }
            assertThat(read(redis)).containsExactly("e-1", "e-2");
        }
    }

    @Test
    void start_afterItsProcessWasKilled_stopsTheRedisLeftBehind() throws Exception {
        Process child = child("e-1");
        ProcessHandle left = process();
        child.destroyForcibly().waitFor();
        assertThat(left.isAlive()).isTrue();

        try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            assertThat(left.isAlive()).isFalse();
            append(redis, "e-2");
            assertThat(read(redis)).containsExactly("e-1", "e-2");
        }
    }

    @Test
    void processTerminated_stopsItsRedis() throws Exception {
        Process child = child("e-1");
        ProcessHandle redis = process();

        child.destroy();

        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(redis.isAlive()).isFalse();
    }

    @Test
    void start_noteNamesTheRedisOfAnother_leavesThatAlone(@TempDir Path other) throws IOException {
        try (RedisProcess stranger = RedisProcess.server(other)) {
            ProcessHandle process;
            try (Jedis admin = stranger.jedis()) {
                String pid = admin.info("server")
                        .lines()
                        .filter(line -> line.startsWith("process_id:"))
                        .findFirst()
                        .orElseThrow();
                process = ProcessHandle.of(Long.parseLong(
                                pid.substring("process_id:".length()).strip()))
                        .orElseThrow();
            }
            new RedisLeftover(process.pid(), stranger.port()).note(folder);

            try (EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
                append(redis, "e-1");
                assertThat(process.isAlive()).isTrue();
                assertThat(redis.url().getPort()).isNotEqualTo(stranger.port());
            }
        }
    }

    private Process child(String event) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedRedisProcess.class.getName(),
                folder.toString(),
                event));
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.startsWith("ready")) {
            line = out.readLine();
        }
        assertThat(line).isNotNull();
        return child;
    }
}
