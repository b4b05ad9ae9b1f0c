package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scorecast.engine.model.UseCount;
import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import io.scorecast.server.serving.RepositoryCopy;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Versions that swap under load: no request fails, no answer mixes two of them, and nothing stays open. The service's clock
 * stands still, so that each combination of versions has one right answer for each customer.
 */
class SwapIT {

    private static final int CUSTOMERS = 60;
    private static final int SWAPS = 44;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final Map<String, Map<String, String>> expected = new HashMap<>();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final Set<String> seen = java.util.concurrent.ConcurrentHashMap.newKeySet();
    private final AtomicBoolean over = new AtomicBoolean();

    /** Versions that answer otherwise: another calibration, evaluated by the native library, and other words. */
    private Path repository() {
        RepositoryCopy copy = new RepositoryCopy(folder.resolve("models"));
        copy.ship("propensity");
        copy.variant(
                "propensity",
                2,
                yaml -> yaml.replace("b: 0.0727196", "b: 1.5")
                        .replace("runtime: xgboost", "runtime: xgboost\nengine: xgboost4j"));
        copy.ship("next-product");
        copy.variant("next-product", 2, yaml -> yaml.replace("top: 10", "top: 3"));
        copy.variant("policy", 1, yaml -> policy("one"));
        copy.variant("policy", 2, yaml -> policy("two"));
        return copy.root();
    }

    private static String policy(String word) {
        return "schema: 1\nsegments: [{name: " + word + ", when: p_redeem_30d >= 0}]\ndecisions:\n  - {name: " + word
                + "-high, when: p_redeem_30d >= 0.2}\n  - {name: " + word + "-low}\n";
    }

    @Test
    void swaps_underLoad_failNothingMixNothingAndLeaveNothingOpen() throws Exception {
        int openBefore = UseCount.open();
        MadeUpCustomers customers = new MadeUpCustomers();
        SteppedClock clock = new SteppedClock(MadeUpCustomers.TIME);
        try (TestService service = Setup.in(folder.resolve("data"))
                        .models(repository())
                        .clock(clock)
                        .deadline(Duration.ofSeconds(20))
                        .start();
                Caller caller = new Caller(service.url())) {
            caller.store(customers.events("c", 0, CUSTOMERS));
            learn(caller);
            int openAtFirst = open(caller);
            List<Integer> openAfter = swapUnderLoad(caller);
            assertThat(wrong).isEmpty();
            assertThat(seen).as("combinations that answered").hasSizeGreaterThanOrEqualTo(6);
            assertThat(answers.get()).isGreaterThan(20 * SWAPS);
            // At most the live Scorer, the one before it and the one to come.
            assertThat(openAfter).allMatch(open -> open <= 3 * openAtFirst);
        }
        assertThat(UseCount.open()).isEqualTo(openBefore);
    }

    private static int open(Caller caller) {
        return (int) caller.metric("scorecast_models_open");
    }

    /** What every combination answers when it alone serves. */
    private void learn(Caller caller) {
        for (int propensity = 1; propensity <= 2; propensity++) {
            for (int items = 1; items <= 2; items++) {
                for (int policy = 1; policy <= 2; policy++) {
                    pin(caller, "propensity", propensity);
                    pin(caller, "next-product", items);
                    pin(caller, "policy", policy);
                    Map<String, String> alone = new HashMap<>();
                    for (int c = 0; c < CUSTOMERS; c++) {
                        JsonNode answer = caller.score("c-" + c).json();
                        alone.put("c-" + c, told(answer));
                        expected.put(versions(answer), alone);
                    }
                }
            }
        }
        assertThat(expected).hasSize(8);
        for (int c = 0; c < CUSTOMERS; c++) {
            Set<String> different = new HashSet<>();
            for (Map<String, String> alone : expected.values()) {
                different.add(alone.get("c-" + c));
            }
            assertThat(different).as("a mixed answer can be told").hasSize(8);
        }
    }

    private static void pin(Caller caller, String model, int version) {
        Reply reply = caller.send(
                "PUT",
                "/v1/models/" + model + "/pin",
                "application/json",
                BodyPublishers.ofString("{\"version\": " + version + "}"));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().path("live").asInt()).isEqualTo(version);
    }

    private static String versions(JsonNode answer) {
        return answer.path("versions").toString();
    }

    /** What depends on the versions, but for the lists' scores: an ONNX kernel's last digit goes by the batch. */
    private static String told(JsonNode answer) {
        return answer.path("personalized") + " " + answer.path("p_redeem_30d") + " " + answer.path("decision") + " "
                + answer.path("segments") + " " + answer.path("items").size();
    }

    private List<Integer> swapUnderLoad(Caller caller) throws Exception {
        List<Integer> open = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(5)) {
            List<Future<?>> asking = List.of(
                    threads.submit(() -> ask(number -> check(caller.score(customer(number))))),
                    threads.submit(() -> ask(number -> check(caller.score(customer(7 * number))))),
                    threads.submit(() -> ask(number ->
                            check(caller.get("/v1/scores/" + customer(number) + "?at=" + MadeUpCustomers.TIME)))),
                    threads.submit(() -> ask(number -> checkBatch(caller, number))));
            try {
                long end = System.nanoTime() + LONGEST.toNanos();
                for (int swap = 0; swap < SWAPS; swap++) {
                    String model =
                            List.of("propensity", "policy", "next-product").get(swap % 3);
                    int before = answers.get();
                    pin(caller, model, 1 + swap / 3 % 2);
                    open.add(open(caller));
                    while (answers.get() < before + 20 && wrong.isEmpty()) {
                        assertThat(System.nanoTime()).as("answers come").isLessThan(end);
                        Thread.onSpinWait();
                    }
                }
            } finally {
                over.set(true);
            }
            for (Future<?> asked : asking) {
                asked.get();
            }
        }
        return open;
    }

    private static String customer(int number) {
        return "c-" + number % CUSTOMERS;
    }

    private interface Asking {
        void ask(int number) throws IOException;
    }

    private void ask(Asking asking) {
        for (int number = 0; !over.get(); number++) {
            try {
                asking.ask(number);
            } catch (IOException | RuntimeException e) {
                wrong.add(e.toString());
                return;
            }
        }
    }

    private void check(Reply reply) {
        if (reply.status() != 200) {
            wrong.add(reply.status() + " " + reply.text());
            return;
        }
        check(reply.json());
    }

    private void check(JsonNode answer) {
        Map<String, String> alone = expected.get(versions(answer));
        String customer = answer.path("customer_id").asText();
        if (alone == null || !told(answer).equals(alone.get(customer))) {
            wrong.add(customer + " of " + versions(answer) + ": " + told(answer) + ", expected "
                    + (alone == null ? "other versions" : alone.get(customer)));
        }
        seen.add(versions(answer));
        answers.incrementAndGet();
    }

    /** One request, one Scorer. */
    private void checkBatch(Caller caller, int number) {
        StringBuilder body = new StringBuilder("{\"customer_ids\": [");
        for (int i = 0; i < CUSTOMERS; i++) {
            body.append(i == 0 ? "\"" : ", \"").append(customer(number + i)).append('"');
        }
        Reply reply = caller.post("/v1/scores/batch", body + "]}");
        if (reply.status() != 200) {
            wrong.add(reply.status() + " " + reply.text());
            return;
        }
        Set<String> versions = new HashSet<>();
        for (JsonNode answer : reply.json().path("results")) {
            check(answer);
            versions.add(versions(answer));
        }
        if (versions.size() != 1) {
            wrong.add("a batch was answered by " + versions);
        }
    }
}
