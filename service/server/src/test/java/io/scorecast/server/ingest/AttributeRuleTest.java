package io.scorecast.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scorecast.engine.event.AttributeValue;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeRuleTest {

    private static final AttributeRule SOME = AttributeRule.only(List.of("loyalty", "newsletter.topic"));
    private final List<String> left = new ArrayList<>();

    private static Event event(String type, String... paths) {
        Map<String, AttributeValue> members = new LinkedHashMap<>();
        for (String path : paths) {
            members.put(path, new AttributeValue.Text("x"));
        }
        return event(type, members);
    }

    private static Event event(String type, Map<String, AttributeValue> members) {
        return Event.builder()
                .id("e-1")
                .customer("c-1")
                .type(type)
                .time(1_700_000_000_000L)
                .value(3.5)
                .attributes(EventAttributes.of(members))
                .build(Long.MAX_VALUE);
    }

    private List<String> kept(AttributeRule rule, Event event) {
        return List.copyOf(rule.apply(event, left::add).attributes().leaves().keySet());
    }

    @Test
    void apply_listedAndBeneath_stay() {
        Event event = event("attributes", "loyalty.tier", "loyalty.since.year", "newsletter.topic");

        assertThat(SOME.apply(event, left::add)).isSameAs(event);
        assertThat(left).isEmpty();
    }

    @Test
    void apply_others_areLeftOutAndNamedAndTheEventStays() {
        Event event = event("purchase", "loyalty.tier", "email", "newsletter.topics", "newsletter.lang", "loyalty2");

        Event stored = SOME.apply(event, left::add);

        assertThat(stored.attributes().leaves()).containsOnlyKeys("loyalty.tier");
        assertThat(left).containsExactly("email", "newsletter.topics", "newsletter.lang", "loyalty2");
        assertThat(stored.withAttributes(event.attributes())).isEqualTo(event);
    }

    @Test
    void apply_valueInPlaceOfAnAllowedObject_isLeftOut() {
        assertThat(kept(SOME, event("attributes", "newsletter"))).isEmpty();
        assertThat(left).containsExactly("newsletter");
    }

    @Test
    void apply_whatTheServiceNeeds_stays() {
        AttributeRule none = AttributeRule.only(List.of());
        assertThat(kept(none, event("retract", "event_id", "why"))).containsExactly("event_id");
        assertThat(kept(none, event("email_click", "campaign", "versions.clv", "url")))
                .containsExactly("campaign", "versions.clv");
        assertThat(kept(none, event("consent", Map.of("profiling", new AttributeValue.Flag(false)))))
                .containsExactly("profiling");
        assertThat(kept(none, event("attributes", Map.of("email", AttributeValue.NULL))))
                .containsExactly("email");
        assertThat(left).containsExactly("why", "url");
    }

    @Test
    void apply_all_changesNothing() {
        assertThat(kept(AttributeRule.ALL, event("view", "email"))).containsExactly("email");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a..b", ".a", "a.", " a"})
    void only_noPath_isRefused(String path) {
        assertThatThrownBy(() -> AttributeRule.only(List.of(path)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + path + "'");
    }
}
