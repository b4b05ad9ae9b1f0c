package io.scorecast.engine.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventJsonTest {

    private static final long NOW = Instant.parse("2026-11-24T12:00:00Z").toEpochMilli();
    private static final String FULL = "{\"id\":\"e-81\",\"customer_id\":\"c-17\",\"type\":\"purchase\","
            + "\"time\":\"2026-11-20T10:15:00Z\",\"product_id\":\"p-9\",\"category\":\"grocery/dairy/milk\","
            + "\"value\":3.49,\"quantity\":1.0,\"order_id\":\"o-5\",\"session_id\":\"s-2\","
            + "\"attributes\":{\"channel\":\"web\"},\"source\":\"shop\"}";
    private static final String HEAD = "\"id\":\"e\",\"customer_id\":\"c\",\"type\":\"view\",\"time\":1795169700000";

    @Test
    void read_everyField_isKeptAndWrittenAgain() throws IOException {
        Event event = one(FULL);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-11-20T10:15:00Z").toEpochMilli());
        assertThat(event.category()).isEqualTo("grocery/dairy/milk");
        StringWriter text = new StringWriter();
        try (JsonGenerator out = EventJson.FACTORY.createGenerator(text)) {
            EventJson.write(event, out);
        }
        assertThat(text).hasToString(FULL);
    }

    /** Each bad input of the contract, with the field that is to blame and a word of the reason. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
        {"customer_id":"c","type":"view","time":1795169700000}                     | id             | missing
        {"id":"e","type":"view","time":1795169700000}                              | customer_id    | missing
        {"id":"e","customer_id":"c","time":1795169700000}                          | type           | missing
        {"id":"e","customer_id":"c","type":"view"}                                 | time           | missing
        {"id":null,"customer_id":"c","type":"view","time":1795169700000}           | id             | missing
        {"id":5,"customer_id":"c","type":"view","time":1795169700000}              | id             | must be a text, not a number
        {"id":"","customer_id":"c","type":"view","time":1795169700000}             | id             | empty
        {"id":"a{b","customer_id":"c","type":"view","time":1795169700000}          | id             | brace
        {"id":"e","customer_id":"c\\u0007","type":"view","time":1795169700000}     | customer_id    | control
        {"id":"e","customer_id":"c\\ud800","type":"view","time":1795169700000}     | customer_id    | surrogate
        {"id":"e","customer_id":["c"],"type":"view","time":1795169700000}          | customer_id    | not a list
        {"id":"e","customer_id":"c","type":{},"time":1795169700000}                | type           | not an object
        {"id":"e","customer_id":"c","type":"view","time":1795169700}               | time           | seconds
        {"id":"e","customer_id":"c","type":"view","time":1795169700000000}         | time           | microseconds
        {"id":"e","customer_id":"c","type":"view","time":1795169700000000000}      | time           | nanoseconds
        {"id":"e","customer_id":"c","type":"view","time":99999999999999999999}     | time           | no time
        {"id":"e","customer_id":"c","type":"view","time":"1795169700000"}          | time           | must be a number
        {"id":"e","customer_id":"c","type":"view","time":"2026-11-20"}             | time           | no time of day
        {"id":"e","customer_id":"c","type":"view","time":"2026-11-20T10:15:00"}    | time           | offset
        {"id":"e","customer_id":"c","type":"view","time":"2026-02-30T10:15:00Z"}   | time           | no date
        {"id":"e","customer_id":"c","type":"view","time":"2026-11-26T10:15:00Z"}   | time           | more than a day ahead
        {"id":"e","customer_id":"c","type":"view","time":"1994-12-31T23:59:59Z"}   | time           | before 1995
        {"id":"e","customer_id":"c","type":"view","time":true}                     | time           | true or false
        {HEAD,"value":"3.49"}                                                      | value          | must be a number, not a text
        {HEAD,"value":1e999}                                                       | value          | finite
        {HEAD,"quantity":[]}                                                       | quantity       | must be a number
        {HEAD,"category":""}                                                       | category       | empty
        {HEAD,"product_id":"{p}"}                                                  | product_id     | brace
        {HEAD,"order_id":7}                                                        | order_id       | must be a text
        {HEAD,"session_id":false}                                                  | session_id     | must be a text
        {HEAD,"source":{"deep":[1,{"er":2}]}}                                      | source         | must be a text
        {HEAD,"attributes":[1]}                                                    | attributes     | must be an object, not a list
        {HEAD,"attributes":{"a":1,"a":2}}                                          | attributes.a   | twice
        {HEAD,"attributes":{"a":1,"a.b":2}}                                        | attributes.a   | both a value and an object
        {HEAD,"attributes":{"a..b":2}}                                             | attributes     | empty name
        {HEAD,"attributes":{"a":1e999}}                                            | attributes.a   | finite
        {HEAD,"custmer_id":"c"}                                                    | custmer_id     | did you mean 'customer_id'?
        {HEAD,"arrival":1795169700000}                                             | arrival        | no event field 'arrival'
        {HEAD,"id":"f"}                                                            | id             | twice
        """)
    void read_badEvent_namesTheField(String json, String field, String reason) {
        Heard heard = strict("[" + json.replace("HEAD", HEAD) + "," + FULL + "]");
        assertThat(heard.errors).singleElement().satisfies(error -> {
            assertThat(error.index()).isZero();
            assertThat(error.field()).isEqualTo(field);
            assertThat(error.detail()).contains(reason);
        });
        assertThat(heard.indices).as("reading goes on behind it").containsExactly(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
        "type":"retract"                                             | attributes.event_id | needs attributes.event_id
        "type":"retract","attributes":{"event_id":7}                 | attributes.event_id | needs attributes.event_id
        "type":"retract","attributes":{"event_id":""}                | attributes.event_id | empty
        "type":"consent"                                             | attributes          | permissions
        "type":"consent","attributes":{"profiling":"no"}             | attributes.profiling | true, false or null
        """)
    void read_eventOfAType_isHeldToItsMeaning(String members, String field, String reason) {
        Heard heard = strict("{\"id\":\"e\",\"customer_id\":\"c\",\"time\":1795169700000," + members + "}");
        assertThat(heard.errors).singleElement().satisfies(error -> {
            assertThat(error.field()).isEqualTo(field);
            assertThat(error.detail()).contains(reason);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "\"text\"", "null", "true", "[1]"})
    void read_elementThatIsNoObject_isOneError(String element) {
        Heard heard = strict("[" + element + "," + FULL + "]");
        assertThat(heard.errors)
                .singleElement()
                .satisfies(error -> assertThat(error.detail()).contains("an event is an object"));
        assertThat(heard.events).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "5", "\"x\"", "[", "[{]", "{\"id\":", FULL + FULL, FULL + " x", "[" + FULL + "]]", "nonsense"
            })
    void readDocument_noEvents_isMalformed(String json) {
        assertThatThrownBy(() -> strict(json)).isInstanceOf(MalformedEventsException.class);
    }

    @Test
    void readDocument_nestedTooDeeply_isRefusedWithoutHarm() {
        String deep = "[".repeat(150) + "]".repeat(150);
        Heard heard = strict("{" + HEAD + ",\"attributes\":{\"a\":" + deep + "}}");
        assertThat(heard.errors)
                .singleElement()
                .satisfies(error -> assertThat(error.detail()).contains("nested deeper"));
        String deeper = "[".repeat(100_000);
        assertThatThrownBy(() -> strict(deeper)).isInstanceOf(MalformedEventsException.class);
    }

    @Test
    void readDocument_tooManyAttributes_isRefused() {
        String big = "\"" + "x".repeat(EventAttributes.MAX_BYTES) + "\"";
        assertThat(strict("{" + HEAD + ",\"attributes\":{\"a\":" + big + "}}").errors)
                .singleElement()
                .satisfies(error -> assertThat(error.field()).isEqualTo("attributes"));
    }

    @Test
    void readLines_badLines_areErrorsOfTheirOwn() throws IOException {
        String text =
                FULL + "\r\n\n" + "{\"broken\n" + FULL + " {}\n" + "x".repeat(EventJson.MAX_LINE + 1) + "\n" + FULL;
        Heard heard = lines(EventJson.strict(), text);
        assertThat(heard.indices).containsExactly(0, 5);
        assertThat(heard.errors).extracting(EventError::index).containsExactly(2, 3, 4);
        assertThat(heard.errors)
                .extracting(EventError::detail)
                .satisfiesExactly(
                        detail -> assertThat(detail).contains("not valid JSON"),
                        detail -> assertThat(detail).contains("more after the event"),
                        detail -> assertThat(detail).contains("longer than"));
    }

    @Test
    void readLines_lineThatIsWrongTwice_isOneError() throws IOException {
        Heard heard = lines(EventJson.strict(), "{\"id\": 5} {\n{\"id\": 5, [\n{\"id\": 5} {}\n");
        assertThat(heard.errors).extracting(EventError::index).containsExactly(0, 1, 2);
    }

    @Test
    void of_contextEvents_needNoIdCustomerOrTime() {
        Heard heard = new Heard();
        read(
                EventJson.of(CustomerId.of("c")),
                "[{\"type\":\"view\"},{\"type\":\"view\",\"customer_id\":\"d\"}]",
                heard);
        assertThat(heard.events).singleElement().satisfies(event -> {
            assertThat(event.customer().value()).isEqualTo("c");
            assertThat(event.time()).isEqualTo(NOW);
        });
        assertThat(heard.errors).extracting(EventError::field).containsExactly("customer_id");
    }

    @Test
    void strict_arrival_isWhenItWasReceived() {
        assertThat(strict(FULL).arrivals).containsExactly(NOW);
    }

    @Test
    void inFiles_ownArrival_counts() throws IOException {
        String text = FULL + "\n{" + HEAD + ",\"arrival\":\"2026-11-22T00:00:00Z\"}\n{" + HEAD
                + ",\"arrival\":1700000000}\n{" + HEAD + ",\"arrival\":\"soon\"}\n";
        long own = Instant.parse("2026-11-22T00:00:00Z").toEpochMilli();
        Heard loaded = lines(EventJson.inFiles(ArrivalRule.OWN_OR_RECEIVED), text);
        assertThat(loaded.arrivals).containsExactly(NOW, own);
        assertThat(loaded.errors).extracting(EventError::field).containsExactly("arrival", "arrival");
        Heard history = lines(EventJson.inFiles(ArrivalRule.OWN_OR_TIME), text);
        assertThat(history.arrivals).containsExactly(history.events.getFirst().time(), own);
    }

    @Test
    void inFiles_timeAheadOfItsArrival_isPulledBack() throws IOException {
        String text = "{" + HEAD + ",\"arrival\":" + (1795169700000L - 60_000) + "}";
        Heard heard = lines(EventJson.inFiles(ArrivalRule.OWN_OR_TIME), text);
        assertThat(heard.events.getFirst().time()).isEqualTo(1795169700000L - 60_000);
    }

    private static Event one(String json) {
        Heard heard = strict(json);
        assertThat(heard.errors).isEmpty();
        return heard.events.getFirst();
    }

    private static Heard strict(String json) {
        Heard heard = new Heard();
        read(EventJson.strict(), json, heard);
        return heard;
    }

    private static void read(EventJson reader, String json, Heard heard) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        reader.readDocument(bytes, 0, bytes.length, NOW, heard);
    }

    private static Heard lines(EventJson reader, String text) throws IOException {
        Heard heard = new Heard();
        reader.readLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), NOW, heard);
        return heard;
    }
}
