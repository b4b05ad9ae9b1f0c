package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What thousands ask at once is answered as if each had asked alone. */
class ConcurrentAnswersIT {

    private static final int CUSTOMERS = 400;
    private static final int REQUESTS = 5_000;
    private static final int HOT = 20;
    private static final int LOADED = 50;

    /** The tolerance of the shipped ONNX model: its kernels differ by batch size. */
    private static final double TOLERANCE = 1e-5;

    @TempDir
    Path folder;

    private final MadeUpCustomers customers = new MadeUpCustomers();

    ConcurrentAnswersIT() throws IOException {}

    /** Two services over the same events and the same frozen instant: one is asked customer by customer, one all at once. */
    @Test
    void fiveThousandAtOnce_equalOneAtATime() throws IOException {
        Map<String, JsonNode> alone = new LinkedHashMap<>();
        try (TestService service = start("alone");
                Caller caller = new Caller(service.url())) {
            load(caller);
            for (int i = 0; i < CUSTOMERS; i++) {
                alone.put(name(i), caller.score(name(i)).json());
            }
            assertThat(caller.metric("scorecast_batch_size_max")).isEqualTo(1);
        }
        assertThat(alone.values().stream()
                        .filter(a -> a.path("personalized").asBoolean())
                        .count())
                .isBetween(CUSTOMERS * 6L / 10, CUSTOMERS * 9L / 10);
        try (TestService service = start("together");
                Caller caller = new Caller(service.url())) {
            load(caller);
            Map<String, List<Reply>> together = askAtOnce(caller);
            assertThat(caller.metric("scorecast_batch_size_max")).isGreaterThan(1);
            for (Map.Entry<String, List<Reply>> replies : together.entrySet()) {
                JsonNode expected = alone.get(replies.getKey());
                Set<String> bodies = new HashSet<>();
                for (Reply reply : replies.getValue()) {
                    assertThat(reply.status()).isEqualTo(200);
                    assertSame(reply.json(), expected, replies.getKey());
                    bodies.add(reply.text());
                }
                assertThat(bodies).as(replies.getKey()).hasSize(1);
            }
        }
    }

    private TestService start(String name) throws IOException {
        return Setup.in(folder.resolve(name))
                .clock(new SteppedClock(MadeUpCustomers.TIME))
                .deadline(Duration.ofSeconds(60))
                .start();
    }

    /** Every tenth is unknown, every tenth has objected. */
    private void load(Caller caller) {
        for (int from = 0; from < CUSTOMERS; from += LOADED) {
            StringBuilder events = new StringBuilder();
            for (int i = from; i < from + LOADED; i++) {
                if (i % 10 != 3) {
                    events.append(customers.events(name(i), i));
                }
                if (i % 10 == 7) {
                    events.append(MadeUpCustomers.objection(name(i), MadeUpCustomers.TIME.minusSeconds(60)));
                }
            }
            caller.store(events.toString());
        }
    }

    private static String name(int number) {
        return "c-" + number;
    }

    /** Half of the requests go to a few. */
    private static Map<String, List<Reply>> askAtOnce(Caller caller) {
        Random random = new Random(5);
        Map<String, List<CompletableFuture<Reply>>> asked = new LinkedHashMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            String customer = name(random.nextInt(random.nextBoolean() ? HOT : CUSTOMERS));
            asked.computeIfAbsent(customer, key -> new ArrayList<>()).add(caller.scoreLater(customer));
        }
        Map<String, List<Reply>> replies = new LinkedHashMap<>();
        asked.forEach((customer, futures) -> replies.put(
                customer, futures.stream().map(CompletableFuture::join).toList()));
        return replies;
    }

    /** Equal but for the numbers of the ONNX model, which are within its tolerance. */
    private static void assertSame(JsonNode actual, JsonNode expected, String customer) {
        assertThat(actual.size()).as(customer).isEqualTo(expected.size());
        for (Map.Entry<String, JsonNode> field : expected.properties()) {
            JsonNode value = actual.path(field.getKey());
            if (field.getKey().equals("items")) {
                assertThat(value.size()).isEqualTo(field.getValue().size());
                for (int i = 0; i < value.size(); i++) {
                    assertSame(value.get(i), field.getValue().get(i), customer);
                }
            } else if (field.getKey().endsWith("score")) {
                assertThat(value.asDouble())
                        .as("%s: %s", customer, field.getKey())
                        .isCloseTo(field.getValue().asDouble(), within(TOLERANCE));
            } else {
                assertThat(value).as("%s: %s", customer, field.getKey()).isEqualTo(field.getValue());
            }
        }
    }
}
