package io.scorecast.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Customers made up for a demo without the real data: each has a habit (how often, how much, since and until when) and
 * favourites in a small assortment, whose paths the shipped models know. The same seed gives the same customers.
 */
final class MadeUpShoppers {

    private static final JsonFactory JSON = new JsonFactory();
    private static final long DAY = 86_400_000;
    private static final int MAILING_EVERY_DAYS = 45;

    private static final List<String> ASSORTMENT = List.of(
            "grocery/fluid-milk-products/fluid-milk-white-only",
            "grocery/soft-drinks/soft-drinks-12-18-15pk-can-car",
            "grocery/yogurt/yogurt-not-multi-packs",
            "grocery/soft-drinks/sft-drnk-2-liter-btl-carb-incl",
            "produce/tropical-fruit/bananas",
            "grocery/cheese/shredded-cheese",
            "grocery/baked-bread-buns-rolls/mainstream-white-bread",
            "grocery/bag-snacks/potato-chips",
            "grocery/beers-ales/beeralemalt-liquors",
            "grocery/cold-cereal/kids-cereal",
            "grocery/soup/condensed-soup",
            "grocery/refrgratd-juices-drnks/dairy-case-100-pure-juice-o",
            "grocery/frzn-vegetable-veg-dsh/frzn-bagged-vegetables-plain",
            "grocery/bath-tissues/toilet-tissue",
            "meat/beef/primal",
            "grocery/eggs/eggs-large",
            "grocery/ice-cream-milk-sherbts/premium",
            "grocery/frozen-pizza/snacks-appetizers",
            "grocery/paper-towels/paper-towels-holders",
            "grocery/pasta-sauce/mainstream");

    /** Days: between visits, since the first and the last one; {@code basket} is the most lines. */
    private enum Habit {
        LOYAL(5, 12, 300, 0),
        REGULAR(10, 8, 250, 0),
        OCCASIONAL(30, 5, 250, 0),
        LAPSED(10, 8, 300, 75),
        NEW(6, 6, 20, 0);

        private final int every;
        private final int basket;
        private final int since;
        private final int until;

        Habit(int every, int basket, int since, int until) {
            this.every = every;
            this.basket = basket;
            this.since = since;
            this.until = until;
        }
    }

    private final long now;
    private final List<Shopper> shoppers = new ArrayList<>();
    private long events;
    private long last;

    private MadeUpShoppers(long now) {
        this.now = now;
    }

    /** One of them, as far as it tells who is worth asking about. */
    private static final class Shopper {
        private final String id;
        private final Habit habit;
        private double spend;
        private int baskets;
        private int coupons;

        Shopper(String id, Habit habit) {
            this.id = id;
            this.habit = habit;
        }
    }

    /** Writes the events of some customers as NDJSON, up to an instant. */
    static DemoData write(Path file, int count, long now) throws IOException {
        MadeUpShoppers made = new MadeUpShoppers(now);
        try (JsonGenerator json = JSON.createGenerator(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
            for (int number = 1; number <= count; number++) {
                made.add(number, json);
            }
        }
        return new DemoData(
                true,
                count,
                made.events,
                0,
                Instant.ofEpochMilli(made.last).toString(),
                Instant.ofEpochMilli(made.last).toString(),
                made.examples());
    }

    private void add(int number, JsonGenerator json) throws IOException {
        Random random = new Random(number);
        Habit habit = Habit.values()[number % Habit.values().length];
        Shopper shopper = new Shopper("s-" + number, habit);
        Life life = new Life(shopper, random, json);
        long first = now - (long) (habit.since * (0.7 + 0.3 * random.nextDouble()) * DAY);
        long until = now - habit.until * DAY;
        for (long at = first; at < until; at += (long) (habit.every * (0.3 + 1.4 * random.nextDouble()) * DAY)) {
            life.basket(at);
        }
        life.mailings(first, until);
        shoppers.add(shopper);
    }

    private final class Life {

        private final Shopper shopper;
        private final Random random;
        private final JsonGenerator json;
        private final boolean usesCoupons;
        private final int taste;
        private int number;

        Life(Shopper shopper, Random random, JsonGenerator json) {
            this.shopper = shopper;
            this.random = random;
            this.json = json;
            this.usesCoupons = random.nextInt(4) == 0;
            this.taste = random.nextInt(ASSORTMENT.size());
        }

        void basket(long at) throws IOException {
            shopper.baskets++;
            int lines = 1 + random.nextInt(shopper.habit.basket);
            for (int line = 0; line < lines; line++) {
                // Two in three are favourites: the six that follow one another from the customer's taste.
                int kind = (taste + (random.nextInt(3) > 0 ? random.nextInt(6) : random.nextInt(ASSORTMENT.size())))
                        % ASSORTMENT.size();
                double value = Math.round(100 + 500 * random.nextDouble()) / 100.0;
                shopper.spend += value;
                begin("purchase", at);
                json.writeStringField("product_id", "p-" + kind);
                json.writeStringField("category", ASSORTMENT.get(kind));
                json.writeNumberField("value", value);
                json.writeNumberField("quantity", 1);
                json.writeStringField("order_id", shopper.id + "-o" + shopper.baskets);
                end();
            }
        }

        void mailings(long first, long until) throws IOException {
            for (int days = 6 * MAILING_EVERY_DAYS; days > 0; days -= MAILING_EVERY_DAYS) {
                long at = now - days * DAY;
                if (at < first) {
                    continue;
                }
                campaign("campaign_send", at, days);
                if (random.nextBoolean()) {
                    campaign("email_open", at + DAY / 4, days);
                }
                if (usesCoupons && at + 5 * DAY < until) {
                    shopper.coupons++;
                    campaign("coupon_redemption", at + 5 * DAY, days);
                }
            }
        }

        private void campaign(String type, long at, int days) throws IOException {
            begin(type, at);
            json.writeObjectFieldStart("attributes");
            json.writeStringField("campaign", "m-" + days / MAILING_EVERY_DAYS);
            json.writeEndObject();
            end();
        }

        private void begin(String type, long at) throws IOException {
            json.writeStartObject();
            json.writeStringField("id", shopper.id + "-" + ++number);
            json.writeStringField("customer_id", shopper.id);
            json.writeStringField("type", type);
            json.writeStringField(
                    "time", Instant.ofEpochMilli(at / 1_000 * 1_000).toString());
            last = Math.max(last, at);
            events++;
        }

        private void end() throws IOException {
            json.writeStringField("source", "made-up");
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private List<DemoData.Example> examples() {
        List<DemoData.Example> examples = new ArrayList<>();
        example(examples, "uses coupons", shopper -> shopper.habit == Habit.REGULAR, shopper -> shopper.coupons);
        example(examples, "spends the most", shopper -> shopper.habit == Habit.LOYAL, shopper -> shopper.spend);
        example(
                examples,
                "shopped often, then stopped",
                shopper -> shopper.habit == Habit.LAPSED,
                shopper -> shopper.baskets);
        example(examples, "came late", shopper -> shopper.habit == Habit.NEW, shopper -> shopper.baskets);
        return examples;
    }

    private void example(
            List<DemoData.Example> examples, String why, Predicate<Shopper> among, ToDoubleFunction<Shopper> most) {
        shoppers.stream()
                .filter(among)
                .max(Comparator.comparingDouble(most))
                .ifPresent(shopper -> examples.add(new DemoData.Example(shopper.id, why)));
    }
}
