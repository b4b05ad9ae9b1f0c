package io.scorecast.loadtest;

import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventBuilder;
import io.scorecast.engine.profile.ProfileLog;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.UUID;

/** Customers that do not exist, with forty events each; always the same ones. Owned by one thread. */
final class MadeUpShop {

    /** The instant as of which they are scored. */
    static final Instant AT = Instant.parse("2026-11-01T00:00:00Z");

    static final int EVENTS = 40;

    private static final long SPAN = 400L * 86_400_000;
    private static final int PRODUCTS = 5_000;
    private static final String[] DEPARTMENTS = {"grocery", "dairy", "meat", "household", "garden", "toys"};

    private final EventBuilder builder = new EventBuilder();
    private final StringBuilder line = new StringBuilder();

    static String customer(int number) {
        return "c-" + (10_000_000 + number);
    }

    /** A customer's events as the end of a profile log. */
    byte[] log(int number) {
        ByteArrayOutputStream log = new ByteArrayOutputStream(4096);
        SplittableRandom random = new SplittableRandom(number);
        for (int i = 0; i < EVENTS; i++) {
            Event event = event(number, i, random);
            log.writeBytes(ProfileLog.event(event, event.time()));
        }
        return log.toByteArray();
    }

    private static String type(SplittableRandom random) {
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5, 6, 7, 8 -> "purchase";
            case 9, 10, 11, 12 -> "view";
            case 13, 14 -> "add_to_cart";
            case 15, 16, 17 -> "email_send";
            case 18 -> "email_open";
            default -> "email_click";
        };
    }

    private Event event(int number, int i, SplittableRandom random) {
        String type = type(random);
        long time = time(i, random);
        builder.clear()
                .id(new UUID(random.nextLong(), random.nextLong()).toString())
                .customer(customer(number))
                .type(type)
                .time(time);
        if (!type.startsWith("email")) {
            int product = random.nextInt(PRODUCTS);
            builder.product("p-" + product).category(category(product));
        }
        if (type.equals("purchase")) {
            builder.value(random.nextInt(20_000) / 100.0).quantity(1).order("o-" + time / 86_400_000);
        }
        return builder.build(time);
    }

    /** In order: the i-th of all events. */
    private static long time(int i, SplittableRandom random) {
        long step = SPAN / EVENTS;
        return AT.toEpochMilli() - SPAN + i * step + random.nextLong(step);
    }

    private static String category(int product) {
        return DEPARTMENTS[product % DEPARTMENTS.length] + "/aisle-" + product % 60 + "/shelf-" + product % 600;
    }

    /** The same events as NDJSON. */
    String lines(int number) {
        line.setLength(0);
        SplittableRandom random = new SplittableRandom(number);
        for (int i = 0; i < EVENTS; i++) {
            String type = type(random);
            long time = time(i, random);
            line.append("{\"id\":\"")
                    .append(new UUID(random.nextLong(), random.nextLong()))
                    .append("\",\"customer_id\":\"")
                    .append(customer(number))
                    .append("\",\"type\":\"")
                    .append(type)
                    .append("\",\"time\":")
                    .append(time);
            if (!type.startsWith("email")) {
                int product = random.nextInt(PRODUCTS);
                line.append(",\"product_id\":\"p-")
                        .append(product)
                        .append("\",\"category\":\"")
                        .append(category(product))
                        .append('"');
            }
            if (type.equals("purchase")) {
                line.append(",\"value\":")
                        .append(random.nextInt(20_000) / 100.0)
                        .append(",\"quantity\":1,\"order_id\":\"o-")
                        .append(time / 86_400_000)
                        .append('"');
            }
            line.append("}\n");
        }
        return line.toString();
    }
}
