package io.scorecast.engine.profile;

import io.scorecast.engine.event.AttributeValue;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventAttributes;
import io.scorecast.engine.event.EventBuilder;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Random logs of one customer in which much goes wrong: repeats, repeats that differ, ties, late and early arrivals. */
final class RandomEvents {

    static final long START = 1_700_000_000_000L;
    static final List<String> PATHS = List.of("a", "a.b", "a.b.c", "d", "loyalty.tier", "größe");
    static final List<String> SOURCES = List.of("crm", "shop", "ünïcode");
    private static final List<String> TYPES = List.of(
            "purchase", "return", "view", "attributes", "attributes", "consent", "retract", "attributes", "own_type");

    private final Random random;
    private final List<String> ids = new ArrayList<>();

    RandomEvents(long seed) {
        random = new Random(seed);
        for (int i = 0; i < 12; i++) {
            ids.add(i % 3 == 0 ? new UUID(random.nextLong(), random.nextLong()).toString() : "e-" + i + "ü");
        }
    }

    /** A log in the order of delivery. */
    List<LoggedEvent> log(int length) {
        List<LoggedEvent> log = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            if (!log.isEmpty() && random.nextInt(5) == 0) {
                LoggedEvent again = log.get(random.nextInt(log.size()));
                log.add(new LoggedEvent(again.event(), again.arrival() + random.nextInt(50)));
            } else {
                log.add(event());
            }
        }
        return log;
    }

    private LoggedEvent event() {
        long time = START + random.nextInt(60);
        String type = pick(TYPES);
        EventBuilder builder = Event.builder()
                .id(pick(ids))
                .customer("c")
                .type(type)
                .time(time)
                .product(random.nextBoolean() ? "p" + random.nextInt(4) : null)
                .category(random.nextBoolean() ? "a/b" + random.nextInt(3) : null)
                .order(random.nextBoolean() ? "o" + random.nextInt(4) : null)
                .session(random.nextBoolean() ? "s" + random.nextInt(4) : null)
                .source(random.nextBoolean() ? pick(SOURCES) : null)
                .value(number())
                .quantity(number())
                .attributes(attributes(type));
        return new LoggedEvent(builder.build(time + 1_000_000), time + random.nextInt(40) - 10);
    }

    private double number() {
        return switch (random.nextInt(5)) {
            case 0 -> Double.NaN;
            case 1 -> random.nextInt(100_000) / 100.0;
            case 2 -> random.nextGaussian() * 1e6;
            case 3 -> -0.0;
            default -> random.nextInt(20);
        };
    }

    private EventAttributes attributes(String type) {
        Map<String, AttributeValue> members = new LinkedHashMap<>();
        switch (type) {
            case "retract" -> members.put("event_id", new AttributeValue.Text(pick(ids)));
            case "consent" -> {
                members.put(
                        random.nextBoolean() ? "profiling" : "email",
                        random.nextInt(4) == 0 ? AttributeValue.NULL : new AttributeValue.Flag(random.nextBoolean()));
            }
            default -> {
                int count = random.nextInt(3);
                for (int i = 0; i < count; i++) {
                    String path = pick(PATHS);
                    boolean conflict = members.keySet().stream()
                            .anyMatch(other ->
                                    other.equals(path) || other.startsWith(path + ".") || path.startsWith(other + "."));
                    if (!conflict) {
                        members.put(path, value());
                    }
                }
            }
        }
        return EventAttributes.of(members);
    }

    private AttributeValue value() {
        return switch (random.nextInt(8)) {
            case 0 -> new AttributeValue.Text("täxt" + random.nextInt(3));
            case 1 -> new AttributeValue.Whole(random.nextLong());
            case 2 -> new AttributeValue.Decimal(random.nextGaussian());
            case 3 -> new AttributeValue.Flag(random.nextBoolean());
            case 4 -> AttributeValue.NULL;
            case 5 -> new AttributeValue.Items(List.of(new AttributeValue.Whole(1)));
            case 6 -> AttributeValue.EMPTY;
            default -> new AttributeValue.Big(BigInteger.TWO.pow(70).add(BigInteger.valueOf(random.nextInt())));
        };
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    int nextInt(int bound) {
        return random.nextInt(bound);
    }
}
