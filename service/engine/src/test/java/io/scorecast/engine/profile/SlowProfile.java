package io.scorecast.engine.profile;

import io.scorecast.engine.event.AttributeValue;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a log means, written as plainly as can be: the reference of the decoder. */
final class SlowProfile {

    private static final Comparator<LoggedEvent> BY_TIME_AND_ID = Comparator.<LoggedEvent>comparingLong(
                    e -> e.event().time())
            .thenComparing(e -> e.event().id().value().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    final List<LoggedEvent> visible;
    final Map<String, AttributeValue> attributes = new TreeMap<>();
    final Map<String, Boolean> consent = new TreeMap<>();

    SlowProfile(List<LoggedEvent> log, long instant, boolean asKnown, List<String> sources) {
        Map<String, LoggedEvent> first = new LinkedHashMap<>();
        log.forEach(e -> first.putIfAbsent(e.event().id().value(), e));
        List<LoggedEvent> seen = first.values().stream()
                .filter(e -> e.event().time() <= instant && (!asKnown || e.arrival() <= instant))
                .toList();
        Set<String> retracted = new HashSet<>();
        seen.stream()
                .filter(e -> e.event().knownType() == EventType.RETRACT)
                .forEach(e -> retracted.add(e.event().attributes().text("event_id")));
        visible = seen.stream()
                .filter(e -> !retracted.contains(e.event().id().value()))
                .sorted(BY_TIME_AND_ID)
                .toList();
        visible.stream()
                .map(LoggedEvent::event)
                .filter(e -> e.knownType() == EventType.ATTRIBUTES)
                .sorted(Comparator.comparingInt(e -> rank(e, sources)))
                .forEach(e -> e.attributes().leaves().forEach(this::set));
        Map<String, Long> since = new TreeMap<>();
        first.values().stream()
                .filter(e -> e.event().knownType() == EventType.CONSENT)
                .filter(e -> !retracted.contains(e.event().id().value()))
                .filter(e -> !asKnown || e.arrival() <= instant)
                .sorted(BY_TIME_AND_ID)
                .forEach(e -> e.event().attributes().leaves().forEach((path, value) -> {
                    boolean withdrawn = value instanceof AttributeValue.Flag flag && !flag.value();
                    long from = withdrawn
                            ? Math.min(e.event().time(), e.arrival())
                            : e.event().time();
                    if (from <= instant && from >= since.getOrDefault(path, Long.MIN_VALUE)) {
                        since.put(path, from);
                        if (value instanceof AttributeValue.Flag flag) {
                            consent.put(path, flag.value());
                        } else {
                            consent.remove(path);
                        }
                    }
                }));
    }

    private static int rank(Event event, List<String> sources) {
        int index = event.source() == null ? -1 : sources.indexOf(event.source());
        return index < 0 ? 0 : sources.size() - index;
    }

    private void set(String path, AttributeValue value) {
        boolean emptyObject = value instanceof AttributeValue.Members members
                && members.members().isEmpty();
        if (!emptyObject) {
            attributes.keySet().removeIf(other -> other.startsWith(path + "."));
        }
        attributes.keySet().removeIf(other -> path.startsWith(other + "."));
        attributes.remove(path);
        if (!(value instanceof AttributeValue.Null) && !emptyObject) {
            attributes.put(path, value);
        }
    }

    double number(String path) {
        return number(attributes.get(path));
    }

    static double number(@Nullable AttributeValue value) {
        return switch (value) {
            case AttributeValue.Whole whole -> whole.value();
            case AttributeValue.Decimal decimal -> decimal.value();
            case AttributeValue.Big big -> big.value().doubleValue();
            case null, default -> Double.NaN;
        };
    }

    @Nullable
    String text(String path) {
        return attributes.get(path) instanceof AttributeValue.Text text ? text.value() : null;
    }

    Truth truth(String path) {
        return attributes.get(path) instanceof AttributeValue.Flag flag ? Truth.of(flag.value()) : Truth.MISSING;
    }

    Truth consent(String permission) {
        Boolean said = consent.get(permission);
        return said == null ? Truth.MISSING : Truth.of(said);
    }
}
