package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.Fsync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who was erased is a stranger, on every instance, and stays one when old events are delivered again. */
class ErasureIT {

    private static final Duration BOUND = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static EmbeddedRedis redis;
    private static TestService first;
    private static TestService second;
    private static Caller here;
    private static Caller there;
    private static MadeUpCustomers customers;

    @BeforeAll
    static void start() throws IOException {
        redis = EmbeddedRedis.start(folder.resolve("redis"), Fsync.EVERYSEC);
        first = Setup.in(folder.resolve("1"))
                .redis(redis.url())
                .deadline(PATIENCE)
                .start();
        second = Setup.in(folder.resolve("2"))
                .redis(redis.url())
                .deadline(PATIENCE)
                .start();
        here = new Caller(first.url());
        there = new Caller(second.url());
        customers = new MadeUpCustomers();
    }

    @AfterAll
    static void stop() throws IOException {
        there.close();
        here.close();
        second.close();
        first.close();
        redis.close();
    }

    @Test
    void delete_customer_isForgottenEverywhere() {
        here.store(customers.events("c-1", 1));
        int events = here.score("c-1").json().path("profile_events").asInt();
        assertThat(events).isPositive();
        assertThat(there.score("c-1").json().path("personalized").asBoolean()).isTrue();

        Reply receipt = here.bare("DELETE", "/v1/customers/c-1");
        long erased = System.nanoTime();

        assertThat(receipt.status()).isEqualTo(200);
        assertThat(receipt.json().path("customer_id").asText()).isEqualTo("c-1");
        assertThat(receipt.json().path("receipt").asText()).isNotEmpty();
        assertThat(receipt.json().path("events").asInt()).isGreaterThanOrEqualTo(events);
        assertThat(Instant.parse(receipt.json().path("erased_at").asText()))
                .isBetween(Instant.now().minus(PATIENCE), Instant.now());
        assertStranger(here, "c-1");
        assertForgottenInTime(there, "c-1", erased);
        assertStranger(there, "c-1");
    }

    @Test
    void delivery_ofOlderEventsAfterErasure_isIgnored() {
        String old = customers.events("c-2", 2);
        here.store(old);
        here.bare("DELETE", "/v1/customers/c-2");

        here.store(old);
        assertStranger(here, "c-2");

        here.store(MadeUpCustomers.event("c-2", "new", "view", Instant.now().plusSeconds(2)));
        JsonNode profile = here.get("/v1/customers/c-2").json();
        assertThat(profile.path("events")).hasSize(1);
        assertThat(profile.path("events").path(0).path("id").asText()).isEqualTo("new");
        assertThat(here.score("c-2").json().path("profile_events").asInt()).isEqualTo(1);
    }

    @Test
    void delete_unknownCustomer_isAReceiptTooAndCountsForLaterDeliveries() {
        Reply receipt = here.bare("DELETE", "/v1/customers/c-3%2Fx");
        assertThat(receipt.status()).isEqualTo(200);
        assertThat(receipt.json().path("customer_id").asText()).isEqualTo("c-3/x");
        assertThat(receipt.json().path("events").asInt()).isZero();
        here.store(customers.events("c-3/x", 3));
        assertStranger(here, "c-3%2Fx");
    }

    @Test
    void receipt_canBeVerifiedLaterAndOnlyAsItIs() throws IOException {
        here.store(customers.events("r-1", 1));
        Reply receipt = here.bare("DELETE", "/v1/customers/r-1");

        Reply proof = there.post("/v1/erasures/verify", receipt.text());
        assertThat(proof.status()).as(proof.text()).isEqualTo(200);
        assertProof(receipt.text(), true, true);

        ObjectNode changed = (ObjectNode) receipt.json();
        for (ObjectNode other : List.of(
                changed.deepCopy().put("customer_id", "r-2"),
                changed.deepCopy().put("events", 1_000),
                changed.deepCopy().put("erased_at", "2026-01-01T00:00:00Z"),
                changed.deepCopy().put("receipt", UUID.randomUUID().toString()),
                changed.deepCopy().put("signature", "0".repeat(64)))) {
            assertProof(other.toString(), false, false);
        }
        ObjectNode less = changed.deepCopy();
        less.remove("events");
        Reply refused = there.post("/v1/erasures/verify", less.toString());
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("field").asText()).isEqualTo("events");

        // Old events that come again count for nothing, and the receipt holds.
        here.store(customers.events("r-1", 1));
        assertProof(receipt.text(), true, true);
        Path file = Files.writeString(folder.resolve("receipts.ndjson"), receipt.text() + "\n");
        awaitOnRecord(receipt.json().path("signature").asText());
        TestService.Ran verified =
                TestService.command("audit", "verify", "--receipts", file, "--redis-url", redis.url());
        assertThat(verified.code()).as(verified.err()).isZero();
        assertThat(verified.out()).contains("genuine and on the record: 1");
        Files.writeString(file, receipt.text() + "\n" + changed.deepCopy().put("events", 1_000) + "\n");
        TestService.Ran forged = TestService.command("audit", "verify", "--receipts", file, "--redis-url", redis.url());
        assertThat(forged.code()).isEqualTo(1);
        assertThat(forged.err()).contains("receipts.ndjson:2: the signature is not");
    }

    private static void assertProof(String receipt, boolean genuine, boolean erased) {
        JsonNode proof = there.post("/v1/erasures/verify", receipt).json();
        assertThat(proof.path("genuine").asBoolean(!genuine)).isEqualTo(genuine);
        assertThat(proof.path("erased").asBoolean(!erased)).isEqualTo(erased);
    }

    /** The record is written behind the answer. */
    private static void awaitOnRecord(String signature) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!here.get("/v1/audit").text().contains("receipt " + signature)) {
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }

    @Test
    void export_hasEveryEventWithItsArrivalAndThePrediction() throws IOException {
        String events = customers.events("c-4", 4);
        here.store(events);
        here.store(MadeUpCustomers.event("c-4", "wrong", "view", MadeUpCustomers.TIME)
                + "{\"id\": \"r\", \"customer_id\": \"c-4\", \"type\": \"retract\", \"time\": \"" + MadeUpCustomers.TIME
                + "\", \"attributes\": {\"event_id\": \"wrong\"}}\n");

        Reply reply = here.get("/v1/customers/c-4/export");

        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.header("cache-control")).isEqualTo("no-store");
        JsonNode export = reply.json();
        assertThat(export.path("events")).hasSize((int) events.lines().count() + 2);
        assertThat(export.path("events").findValuesAsText("id")).contains("wrong", "r");
        for (JsonNode event : export.path("events")) {
            assertThat(Instant.parse(event.path("arrival").asText())).isAfter(MadeUpCustomers.TIME);
            assertThat(event.path("customer_id").asText()).isEqualTo("c-4");
        }
        assertThat(export.path("prediction")).isEqualTo(here.score("c-4").json());
        assertThat(export.has("erased_at")).isFalse();
        assertExplained(export);
        here.bare("DELETE", "/v1/customers/c-4");
        JsonNode after = here.get("/v1/customers/c-4/export").json();
        assertThat(after.path("events")).isEmpty();
        assertThat(after.path("prediction").path("personalized").asBoolean()).isFalse();
        assertThat(Instant.parse(after.path("erased_at").asText())).isAfter(MadeUpCustomers.TIME);
    }

    /** What each model is for and reads, and the rules in words. */
    private static void assertExplained(JsonNode export) {
        assertThat(export.path("models").findValuesAsText("model")).contains("propensity", "clv");
        for (JsonNode model : export.path("models")) {
            assertThat(model.path("purpose").asText()).isNotEmpty();
            String path =
                    "/v1/customers/c-4/features?model=" + model.path("model").asText();
            JsonNode shown = here.get(path + "&at=" + export.path("exported_at").asText())
                    .json();
            assertThat(model.path("features")).isEqualTo(shown.path("features")).isNotEmpty();
        }
        assertThat(export.path("policy").path("decisions").findValuesAsText("name"))
                .contains(export.path("prediction").path("decision").asText());
        assertThat(export.path("policy").path("segments").path(0).path("when").asText())
                .isNotEmpty();
    }

    @Test
    void objection_isExportedWithoutFeatures() {
        Instant now = Instant.now();
        here.store(customers.events("c-5", 5) + MadeUpCustomers.objection("c-5", now));
        JsonNode export = here.get("/v1/customers/c-5/export").json();
        assertThat(export.path("prediction").path("reason").asText()).isEqualTo("opted_out");
        assertThat(export.findValues("features")).isEmpty();
        assertThat(export.path("events")).isNotEmpty();
        assertThat(export.path("consent")
                        .path("profiling")
                        .findValues("value")
                        .getLast()
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void eraseCommand_idsInAFile_areForgottenByRunningServices() throws IOException {
        here.store(customers.events("d", 0, 3));
        for (int i = 0; i < 3; i++) {
            assertThat(here.score("d-" + i).json().path("personalized").asBoolean())
                    .isTrue();
        }
        Path bad = Files.writeString(folder.resolve("bad.txt"), "d-0\n" + "x".repeat(200) + "\n");
        TestService.Ran refused = TestService.command("erase", "--ids", bad, "--redis-url", redis.url());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("bad.txt: line 2: ");
        assertThat(here.get("/v1/customers/d-0").json().path("events")).isNotEmpty();

        String audience = "/v1/audiences/"
                + here.post("/v1/audiences", "{\"customers\": {\"ids\": [\"d-0\", \"d-2\"]}}")
                        .json()
                        .path("id")
                        .asText();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!here.get(audience).json().path("state").asText().equals("done")) {
            assertThat(System.nanoTime()).isLessThan(end);
        }
        assertThat(here.get(audience + "/parts/1").text()).contains("d-0");

        Path ids = Files.writeString(folder.resolve("ids.txt"), "d-0\n\nd-1\r\nd-0\n");
        Path receipts = folder.resolve("erased.ndjson");
        TestService.Ran done = TestService.command(
                "erase",
                "--ids",
                ids,
                "--receipts",
                receipts,
                "--redis-url",
                redis.url(),
                "--data",
                folder.resolve("1"));
        long erased = System.nanoTime();

        assertThat(done.code()).as(done.err()).isZero();
        assertThat(done.out()).startsWith("2 customers erased at ");
        Reply part = here.get(audience + "/parts/1");
        assertThat(part.text()).contains("d-2").doesNotContain("d-0");
        assertThat(part.header("etag"))
                .contains(here.get(audience)
                        .json()
                        .path("parts")
                        .path(0)
                        .path("sha256")
                        .asText());
        assertForgottenInTime(here, "d-0", erased);
        assertForgottenInTime(here, "d-1", erased);
        assertStranger(here, "d-1");
        assertThat(here.get("/v1/audit").json().path("entries"))
                .filteredOn(entry -> entry.path("who").asText().startsWith("command line"))
                .hasSize(2)
                .allMatch(entry -> entry.path("action").asText().equals("customer.erased"))
                .allMatch(entry -> entry.path("target").asText().matches("customer:[0-9a-f]{32}"));
        assertThat(here.score("d-2").json().path("personalized").asBoolean()).isTrue();
        List<String> written = Files.readAllLines(receipts);
        assertThat(written).hasSize(2);
        written.forEach(receipt -> assertProof(receipt, true, true));
        TestService.Ran verified =
                TestService.command("audit", "verify", "--receipts", receipts, "--redis-url", redis.url());
        assertThat(verified.output()).contains("genuine and on the record: 2");
        TestService.Ran otherKey = TestService.command(
                "audit", "verify", "--receipts", receipts, "--redis-url", redis.url(), "--audit-key", "another");
        assertThat(otherKey.code()).isEqualTo(1);
        assertThat(otherKey.err()).contains("erased.ndjson:1: ", "another audit key");
    }

    /** Whoever asks later than the bound is not given what was known; a busy machine may answer later. */
    private static void assertForgottenInTime(Caller caller, String customer, long erased) {
        boolean personal;
        long asked;
        do {
            asked = System.nanoTime();
            personal = caller.score(customer).json().path("personalized").asBoolean();
        } while (personal && asked - erased < BOUND.toNanos());
        assertThat(personal).isFalse();
    }

    private static void assertStranger(Caller caller, String customer) {
        JsonNode answer = caller.score(customer).json();
        assertThat(answer.path("personalized").asBoolean()).isFalse();
        assertThat(answer.path("reason").asText()).isEqualTo("unknown_customer");
        assertThat(answer.path("profile_events").asInt()).isZero();
        assertThat(caller.get("/v1/customers/" + customer).json().path("events"))
                .isEmpty();
    }
}
