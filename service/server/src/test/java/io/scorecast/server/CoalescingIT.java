package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same plain question is computed once for all who ask it at once. Redis is held still while they ask. */
class CoalescingIT {

    private static final int ASKERS = 100;
    private static final String COMPUTED = "scorecast_batch_size_sum";

    @TempDir
    static Path folder;

    private static TestService service;
    private static Caller caller;
    private static RedisProcess redis;

    @BeforeAll
    static void start() throws IOException {
        MadeUpCustomers customers = new MadeUpCustomers();
        service = Setup.in(folder).deadline(Duration.ofSeconds(30)).start();
        caller = new Caller(service.url());
        redis = new RedisProcess(folder.resolve("redis"));
        caller.store(customers.events("c", 0, 4));
        caller.score("c-3");
    }

    @AfterAll
    static void stop() {
        caller.close();
        service.close();
    }

    @Test
    void plainQuestions_areComputedOnce() throws IOException, InterruptedException {
        double before = caller.metric(COMPUTED);
        List<Reply> replies = askWhileRedisPauses(i -> caller.scoreLater("c-0"));
        assertThat(caller.metric(COMPUTED) - before).isEqualTo(1);
        assertThat(replies)
                .extracting(Reply::text)
                .containsOnly(replies.getFirst().text());
        assertThat(replies.stream().filter(r -> r.header("scorecast-cache").equals("none")))
                .hasSize(1);
        assertThat(replies.stream().filter(r -> r.header("scorecast-cache").equals("shared")))
                .hasSizeGreaterThan(ASKERS / 2);
        assertThat(replies).allMatch(r -> r.header("cache-control").equals("private, no-cache"));
    }

    @Test
    void customerTwiceInABatch_isComputedOnce() {
        double before = caller.metric(COMPUTED);
        Reply reply = caller.post("/v1/scores/batch", "{\"customer_ids\": [\"c-1\", \"c-1\", \"nobody\", \"c-1\"]}");
        assertThat(reply.json().path("results")).hasSize(4);
        assertThat(caller.metric(COMPUTED) - before).isEqualTo(2);
    }

    @Test
    void questionsWithAContext_areComputedEachAndNotCached() throws IOException, InterruptedException {
        List<String> bodies = List.of(
                "{\"customer_id\": \"c-2\", \"attributes\": {\"loyalty\": {\"tier\": \"gold\"}}}",
                "{\"customer_id\": \"c-2\", \"exclude\": [\"grocery\"]}",
                "{\"customer_id\": \"c-2\", \"at\": \"2026-06-02T00:00:00Z\"}");
        double before = caller.metric(COMPUTED);
        List<Reply> replies = askWhileRedisPauses(i -> caller.postLater("/v1/scores", bodies.get(i % bodies.size())));
        assertThat(replies)
                .allMatch(
                        r -> r.status() == 200 && r.json().path("personalized").asBoolean());
        assertThat(replies).extracting(r -> r.header("scorecast-cache")).containsOnly("none");
        assertThat(caller.metric(COMPUTED) - before).isEqualTo(ASKERS);
        assertThat(caller.score("c-2").header("scorecast-cache")).isEqualTo("none");
    }

    private static List<Reply> askWhileRedisPauses(IntFunction<CompletableFuture<Reply>> ask)
            throws IOException, InterruptedException {
        List<CompletableFuture<Reply>> asked = new ArrayList<>();
        redis.pause();
        try {
            for (int i = 0; i < ASKERS; i++) {
                asked.add(ask.apply(i));
            }
            Thread.sleep(300); // all but the slowest have arrived; who comes later is answered from the near cache
        } finally {
            redis.resume();
        }
        return asked.stream().map(CompletableFuture::join).toList();
    }
}
