package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.scorecast.server.Caller.Reply;
import io.scorecast.server.cli.TestService;
import io.scorecast.server.cli.TestService.Setup;
import io.scorecast.server.store.EmbeddedRedis;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances before one Redis: products as a caller puts them, and what answers make of them. */
class CatalogueIT {

    @TempDir
    static Path folder;

    private static EmbeddedRedis redis;
    private static TestService first;
    private static TestService second;
    private static Caller one;
    private static Caller other;

    @BeforeAll
    static void start() throws IOException {
        redis = EmbeddedRedis.start(folder.resolve("redis"));
        Setup setup = Setup.in(folder).redis(redis.url()).deadline(Duration.ofSeconds(10));
        first = setup.start();
        second = setup.start();
        one = new Caller(first.url());
        other = new Caller(second.url());
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
        first.close();
        second.close();
        redis.close();
    }

    private static Reply put(String json) {
        return one.send("PUT", "/v1/products", "application/json", BodyPublishers.ofString(json));
    }

    private static String firstItem(Reply reply) {
        return reply.json().path("item_1_id").asText();
    }

    @Test
    void product_fillsAnswersAndLeavesWhenOutOfStock_everywhereWithinASecond() throws Exception {
        one.store(new MadeUpCustomers().events("shopper", 3));
        Reply before = one.score("shopper");
        other.score("shopper");
        String id = firstItem(before);
        assertThat(id).isNotEmpty();
        String unknownFirst = firstItem(one.score("nobody"));

        Reply kept = put("[{\"product_id\":\"" + id + "\",\"title\":\"Own title\",\"url\":\"https://s/1\","
                + "\"image\":\"https://s/1.png\",\"price\":3.5}]");
        assertThat(kept.status()).isEqualTo(200);
        assertThat(kept.json().path("accepted").asInt()).isEqualTo(1);
        JsonNode shown = one.score("shopper").json();
        assertThat(shown.path("item_1_id").asText()).isEqualTo(id);
        assertThat(shown.path("item_1_title").asText()).isEqualTo("Own title");
        assertThat(shown.path("item_1_price").asDouble()).isEqualTo(3.5);
        assertThat(shown.path("items").path(0).path("url").asText()).isEqualTo("https://s/1");
        Thread.sleep(1_000);
        assertThat(other.score("shopper").json().path("item_1_title").asText()).isEqualTo("Own title");

        put("[{\"product_id\":\"" + id + "\",\"in_stock\":false},{\"product_id\":\"" + unknownFirst
                + "\",\"in_stock\":false}]");
        assertThat(one.score("shopper").text()).doesNotContain("\"" + id + "\"");
        assertThat(firstItem(one.score("nobody"))).isNotEqualTo(unknownFirst);
        Thread.sleep(1_000);
        assertThat(other.score("shopper").text()).doesNotContain("\"" + id + "\"");
    }

    @Test
    void put_somethingWrong_isNamedAndTheRestKept() {
        Reply reply = put(
                "[{\"product_id\":\"a/b\",\"title\":\"T\",\"attributes\":{\"brand\":\"B\"}},"
                        + "{\"product_id\":\"x\",\"colour\":\"red\"},{\"title\":\"none\"},{\"product_id\":\"y\",\"price\":\"1\"}]");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("accepted").asInt()).isEqualTo(1);
        assertThat(reply.json().path("rejected").asInt()).isEqualTo(3);
        assertThat(reply.json().path("errors").findValuesAsText("field"))
                .containsExactly("colour", "product_id", "price");
        assertThat(reply.json().path("errors").findValuesAsText("index")).containsExactly("1", "2", "3");
        JsonNode product = other.get("/v1/products/a%2Fb").json();
        assertThat(product.path("title").asText()).isEqualTo("T");
        assertThat(product.path("attributes").path("brand").asText()).isEqualTo("B");
        Reply unknown = one.get("/v1/products/nothing");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.json().path("detail").asText()).isNotEmpty();
        assertThat(put("[{\"colour\":1}]").status()).isEqualTo(400);
        assertThat(put("no json").status()).isEqualTo(400);
        Reply many = put("[" + "{\"colour\":1},".repeat(1_500) + "{\"product_id\":\"one\"}]");
        assertThat(many.status()).isEqualTo(200);
        assertThat(many.json().path("accepted").asInt()).isEqualTo(1);
        // All are counted; of the first thousand is told what is wrong.
        assertThat(many.json().path("rejected").asInt()).isEqualTo(1_500);
        assertThat(many.json().path("errors")).hasSize(1_000);
        assertThat(many.json().path("errors").findValuesAsText("index").getLast())
                .isEqualTo("999");
        Reply lines = one.send(
                "PUT",
                "/v1/products",
                "application/x-ndjson",
                BodyPublishers.ofString("{\"product_id\":\"l-1\"}\n\n{\"product_id\n{\"product_id\":\"l-2\"}\n"));
        assertThat(lines.json().path("accepted").asInt()).isEqualTo(2);
        assertThat(lines.json().path("errors").findValuesAsText("index")).containsExactly("2");
    }
}
