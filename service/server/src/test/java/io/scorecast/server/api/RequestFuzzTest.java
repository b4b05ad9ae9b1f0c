package io.scorecast.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpRequest;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.event.InvalidEventException;
import io.scorecast.engine.model.ModelSignature;
import io.scorecast.engine.model.TensorSpec;
import io.scorecast.server.Fuzzer;
import io.scorecast.server.catalogue.ProductJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies, paths and query parameters are taken, or refused by a problem. */
@Timeout(3_600)
class RequestFuzzTest {

    private static final long NOW = 1_795_000_000_000L;

    /** What a handler makes a problem of, and nothing else. */
    private static void settled(Fuzzer.Reader reader, byte[] input) throws Exception {
        try {
            reader.read(input);
        } catch (ApiException e) {
            assertThat(e.problem().detail()).isNotBlank();
            assertThat(e.problem().status().getCode()).isBetween(400, 499);
        } catch (InvalidEventException e) {
            assertThat(e.detail()).isNotBlank();
        }
    }

    @Test
    void scoreBodies() {
        Fuzzer.ofTexts(List.of("""
                                {"customer_id": "c-17", "events": [{"type": "view", "product_id": "p-1"},
                                 {"type": "purchase", "value": 3.5, "time": "2026-11-20T10:15:00Z", "attributes": {"a": {"b": [1]}}}],
                                 "attributes": {"loyalty": {"tier": "gold"}}, "exclude": ["p-1", "grocery/dairy"],
                                 "models": ["clv"], "at": 1795000000000}""", """
                                {"models": "clv,churn", "at": "2026-11-20T10:15:00Z", "customer_id": "c"}"""), "\"events\":", "\"at\":", "\"customer_id\":", "{}")
                .feed(input -> settled(body -> ScoreBody.read(body, NOW, null), input));
    }

    @Test
    void batchBodies() {
        Fuzzer.ofTexts(List.of("{\"customer_ids\": [\"c-1\", \"a+b@x.com\", \"c-1\"]}"), "\"customer_ids\":", "\"c\",")
                .feed(input -> settled(
                        body -> assertThat(BatchBody.read(body)).hasSizeLessThanOrEqualTo(BatchBody.MAX_CUSTOMERS),
                        input));
    }

    @Test
    void products() {
        Fuzzer.ofTexts(List.of("""
                                {"product_id": "p-1", "category": "a/b", "title": "Oat milk", "url": "https://x/y", "image": "i",
                                 "price": 1.5, "in_stock": true, "attributes": {"a": {"b": [1, null]}}}"""), "\"price\":", "\"attributes\":", "null").feed(input -> {
            Map<String, byte[]> kept = new LinkedHashMap<>();
            List<EventError> errors = new ArrayList<>();
            try (JsonParser parser = EventJson.FACTORY.createParser(input)) {
                parser.nextToken();
                ProductJson.read(parser, 0, kept, errors);
                assertThat(kept.size() + errors.size()).isEqualTo(1);
            } catch (JsonProcessingException e) {
                assertThat(e.getOriginalMessage()).isNotBlank();
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        });
    }

    @Test
    void inferenceBodies() {
        ModelSignature signature = new ModelSignature(
                List.of(
                        new TensorSpec("features", TensorSpec.Type.FLOAT, 3, "float32", List.of(3)),
                        new TensorSpec("ids", TensorSpec.Type.LONG, 2, "int64", List.of(2))),
                List.of(new TensorSpec("prediction", TensorSpec.Type.FLOAT, 1, "float32", List.of())),
                -1);
        String json = """
                {"id": "1", "inputs": [{"name": "features", "shape": [2, 3], "datatype": "FP32", "data": [1, null, NaN, [4, 5.5, 6e3]]},
                 {"name": "ids", "shape": [2, 2], "datatype": "INT64", "data": [[1, 2], [3, 4]]}],
                 "outputs": [{"name": "prediction", "parameters": {"binary_data": true}}]}""";
        String binary = """
                {"inputs": [{"name": "features", "shape": [1, 3], "datatype": "FP32", "parameters": {"binary_data_size": 12}},
                 {"name": "ids", "shape": [1, 2], "datatype": "INT64", "data": [1, 2]}]}""" + "\0\0\0\0\0\0\0\0\0\0\0\0";
        Fuzzer.ofTexts(List.of(json, binary), "\"shape\":", "\"data\":", "\"binary_data_size\":", "[[[")
                .allowing(512L << 20)
                .feed(input -> {
                    int end = new String(input, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf('}') + 1;
                    for (int length : new int[] {input.length, end}) {
                        settled(body -> InferenceBody.read(body, length).rows(signature), input);
                    }
                });
    }

    @Test
    void parametersAndPaths() {
        Fuzzer.ofTexts(
                        List.of(
                                "c-17",
                                "a%2Fb%C3%A9+c",
                                "2026-11-20T10:15:00+02:00",
                                "1795000000000",
                                "100",
                                "clv,churn"),
                        "%",
                        "%zz",
                        "%C3%28",
                        "+",
                        "999999999",
                        "1000000000")
                .feed(input -> {
                    String text = new String(input, UTF_8);
                    settled(any -> CustomerId.of(RawPath.decode(text)), input);
                    settled(any -> Parameters.at(text), input);
                    settled(any -> Parameters.number("limit", text, 0, Integer.MAX_VALUE, 1), input);
                    settled(any -> Parameters.split(text), input);
                });
    }

    @Test
    void packedBodies() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            byte[] noise = new byte[3_000];
            new Random(1).nextBytes(noise);
            out.write(noise);
            out.write("{\"id\": 1}".repeat(100).getBytes(UTF_8));
        }
        // A few kilobytes unpack to the limit at most: that, its copies while it grows, and no more.
        new Fuzzer(List.of(packed.toByteArray()))
                .allowing(5L * Bodies.MAX_BYTES)
                .feed(input -> settled(body -> unpacked(body), input));
    }

    private static void unpacked(byte[] body) {
        MutableHttpRequest<byte[]> request =
                HttpRequest.POST("/v1/events", body).header("Content-Encoding", "gzip");
        assertThat(Bodies.bytes(request).length).isLessThanOrEqualTo(Bodies.MAX_BYTES);
    }

    /** A hundred kilobytes that unpack to more than the limit cost what the limit allows. */
    @Test
    void zipBomb_isRefusedAtTheLimit() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 2 * Bodies.MAX_BYTES >> 20; i++) {
                out.write(zeros);
            }
        }
        assertThatThrownBy(() -> unpacked(packed.toByteArray()))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.problem().status().getCode()).isEqualTo(413));
    }
}
