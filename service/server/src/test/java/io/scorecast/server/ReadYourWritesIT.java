package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An instance never serves an answer older than what it has acknowledged, however many ask and write at once. */
class ReadYourWritesIT {

    private static final int CUSTOMERS = 8;
    private static final int WRITES = 150;
    private static final int READERS = 16;

    @TempDir
    Path folder;

    /** One writer for each customer; readers go round. Nobody ever reads less than was acknowledged before it asked. */
    @Test
    void readersAndWriters_neverSeeLessThanWasAcknowledged()
            throws IOException, InterruptedException, ExecutionException {
        AtomicIntegerArray acknowledged = new AtomicIntegerArray(CUSTOMERS);
        AtomicBoolean writing = new AtomicBoolean(true);
        MadeUpCustomers customers = new MadeUpCustomers();
        try (TestService service =
                        Setup.in(folder).deadline(Duration.ofSeconds(20)).start();
                Caller caller = new Caller(service.url());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int c = 0; c < CUSTOMERS; c++) {
                caller.store(customers.events("c-" + c, c));
                acknowledged.set(
                        c, caller.score("c-" + c).json().path("profile_events").asInt());
            }
            List<Future<?>> writers = new ArrayList<>();
            for (int c = 0; c < CUSTOMERS; c++) {
                int customer = c;
                writers.add(threads.submit(() -> write(caller, customer, acknowledged)));
            }
            List<Future<Integer>> readers = new ArrayList<>();
            for (int r = 0; r < READERS; r++) {
                int from = r;
                readers.add(threads.submit(() -> read(caller, from, acknowledged, writing)));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            writing.set(false);
            int reads = 0;
            for (Future<Integer> reader : readers) {
                reads += reader.get();
            }
            assertThat(reads).isGreaterThan(CUSTOMERS * WRITES / 4);
            for (int c = 0; c < CUSTOMERS; c++) {
                assertThat(events(caller.score("c-" + c))).isEqualTo(acknowledged.get(c));
            }
            assertThat(caller.metric("scorecast_cache_total{outcome=\"near\"}")).isPositive();
        }
    }

    private static void write(Caller caller, int customer, AtomicIntegerArray acknowledged) {
        for (int i = 0; i < WRITES; i++) {
            caller.store(MadeUpCustomers.event(
                    "c-" + customer, "own-" + i, "view", Instant.now().minusSeconds(60)));
            acknowledged.incrementAndGet(customer);
        }
    }

    private static int read(Caller caller, int from, AtomicIntegerArray acknowledged, AtomicBoolean writing) {
        int reads = 0;
        for (int c = from % CUSTOMERS; writing.get(); c = (c + 1) % CUSTOMERS) {
            int least = acknowledged.get(c);
            Reply reply = caller.score("c-" + c);
            assertThat(events(reply)).as("read %d of c-%d", reads, c).isGreaterThanOrEqualTo(least);
            reads++;
        }
        return reads;
    }

    private static int events(Reply reply) {
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("personalized").asBoolean())
                .as(reply.text())
                .isTrue();
        return reply.json().path("profile_events").asInt();
    }
}
