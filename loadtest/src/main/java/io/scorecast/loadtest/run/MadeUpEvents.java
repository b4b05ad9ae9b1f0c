package io.scorecast.loadtest.run;

import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Events of customers that do not exist: baskets, views, carts and mailings over a year, of an assortment whose paths the
 * shipped models know. The same customer number gives the same past.
 */
final class MadeUpEvents {

    private static final long DAY = 86_400_000;

    private static final List<String> ASSORTMENT = List.of(
            "grocery/fluid-milk-products/fluid-milk-white-only",
            "grocery/soft-drinks/soft-drinks-12-18-15pk-can-car",
            "grocery/yogurt/yogurt-not-multi-packs",
            "produce/tropical-fruit/bananas",
            "grocery/cheese/shredded-cheese",
            "grocery/baked-bread-buns-rolls/mainstream-white-bread",
            "grocery/bag-snacks/potato-chips",
            "grocery/cold-cereal/kids-cereal",
            "grocery/soup/condensed-soup",
            "grocery/eggs/eggs-large",
            "meat/beef/primal",
            "grocery/frozen-pizza/snacks-appetizers");

    private static final int PRODUCTS_OF_A_PATH = 20;
    private static final List<String> TYPES = List.of("purchase", "view", "add_to_cart", "email_send", "email_open");

    private final long now;
    private final int each;
    private final String run;
    private long written;

    /**
     * Begins.
     *
     * @param now epoch milliseconds, when the past ends
     * @param each events of a customer
     */
    MadeUpEvents(long now, int each) {
        this.now = now;
        this.each = each;
        this.run = Long.toString(now, Character.MAX_RADIX);
    }

    static String id(int customer) {
        return "c-" + (customer + 1);
    }

    /** A customer's past: JSON objects, each with a comma after it. */
    void past(int customer, StringBuilder json) {
        SplittableRandom random = new SplittableRandom(customer);
        long span = (20 + random.nextInt(345)) * DAY;
        String quoted = '"' + id(customer) + '"';
        int order = 0;
        for (int i = 0; i < each; i++) {
            int kind = random.nextInt(10);
            String type = TYPES.get(kind < 5 ? 0 : kind - 5);
            if (kind < 5 && random.nextInt(3) == 0) {
                order++; // Three lines to a basket, on average.
            }
            long time = now - span + span * i / each;
            write(
                    json,
                    quoted,
                    customer + "-" + i,
                    type,
                    time,
                    random,
                    quoted.substring(1, quoted.length() - 1) + "-o" + order);
            json.append(',');
        }
    }

    /** One that happens now: mostly looking, sometimes buying. */
    void fresh(String quoted, SplittableRandom random, StringBuilder json) {
        String id = run + "-" + written++;
        String type = random.nextInt(5) == 0 ? "purchase" : "view";
        write(json, quoted, id, type, System.currentTimeMillis(), random, "o-" + id);
    }

    private static void write(
            StringBuilder json,
            String quoted,
            String id,
            String type,
            long time,
            SplittableRandom random,
            String order) {
        json.append("{\"id\":\"e-").append(id).append("\",\"customer_id\":").append(quoted);
        json.append(",\"type\":\"").append(type).append("\",\"time\":\"");
        json.append(Instant.ofEpochMilli(time)).append('"');
        if (type.startsWith("email")) {
            json.append(",\"attributes\":{\"campaign\":\"m-")
                    .append(random.nextInt(30))
                    .append("\"}");
        } else {
            int path = random.nextInt(ASSORTMENT.size());
            json.append(",\"product_id\":\"p-").append(path).append('-').append(random.nextInt(PRODUCTS_OF_A_PATH));
            json.append("\",\"category\":\"").append(ASSORTMENT.get(path)).append('"');
            if (type.equals("purchase")) {
                int cents = 100 + random.nextInt(500);
                json.append(",\"value\":").append(cents / 100.0).append(",\"quantity\":1");
                json.append(",\"order_id\":\"").append(order).append('"');
            }
        }
        json.append(",\"source\":\"load-test\"}");
    }
}
