package io.scorecast.engine.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventAttributesTest {

    @Test
    void of_nestedAndDotted_areTheSame() {
        EventAttributes nested = EventAttributes.of(
                Map.of("loyalty", new AttributeValue.Members(Map.of("tier", new AttributeValue.Text("gold")))));
        EventAttributes dotted = EventAttributes.of(Map.of("loyalty.tier", new AttributeValue.Text("gold")));
        assertThat(nested).isEqualTo(dotted).hasSameHashCodeAs(dotted);
        assertThat(nested.text("loyalty.tier")).isEqualTo("gold");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":{\"b\":1,\"c\":[1,{\"d\":null}]},\"e\":true}",
                "{\"a\":{},\"b\":null,\"c\":\"\"}",
                "{\"whole\":9007199254740993,\"big\":123456789012345678901234567890,\"part\":0.5}"
            })
    void nested_ofWhatWasRead_isTheSameJson(String json) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = EventJson.FACTORY.createGenerator(text)) {
            EventJson.write(read(json).nested(), out);
        }
        assertThat(text).hasToString(json);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
        {"":1}                      | attributes     | empty name
        {".a":1}                    | attributes     | empty name
        {"a":{"":1}}                | attributes.a   | empty name
        {"a":{"b.":1}}              | attributes.a   | empty name
        {"a.b":1,"a":{"b":2}}       | attributes.a.b | twice
        {"a":[{"b":1,"b":2}]}       | attributes.a.b | twice
        {"a":"\\ud800"}             | attributes.a   | surrogate
        """)
    void read_namesAndValuesThatCannotBe_areRefused(String json, String field, String reason) {
        assertThatThrownBy(() -> read(json)).isInstanceOfSatisfying(InvalidEventException.class, e -> {
            assertThat(e.field()).isEqualTo(field);
            assertThat(e.detail()).contains(reason);
        });
    }

    private static EventAttributes read(String json) throws IOException {
        try (JsonParser parser = EventJson.FACTORY.createParser(json)) {
            parser.nextToken();
            return EventJson.readAttributes(parser);
        }
    }
}
