package io.scorecast.server.audience;

import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.prediction.Item;
import io.scorecast.engine.prediction.ItemList;
import io.scorecast.engine.prediction.Prediction;
import io.scorecast.engine.prediction.PredictionSchema;
import io.scorecast.engine.scorer.Scorer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A flat field of the answer: one that is one value, or a list of words.
 *
 * @param value hands a prediction's value on
 */
record Field(String name, Kind kind, BiConsumer<Prediction, Cells> value) {

    enum Kind {
        TEXT,
        NUMBER,
        TRUTH,
        TEXTS,
        INSTANT
    }

    static final String CUSTOMER = "customer_id";

    /** All flat fields of a Scorer's answers, in the answer's order. */
    static List<Field> of(Scorer scorer) {
        PredictionSchema schema = scorer.schema();
        List<Field> fields = new ArrayList<>();
        fields.add(text(CUSTOMER, (p, cells) -> cells.text(p.customer())));
        fields.add(new Field("personalized", Kind.TRUTH, (p, cells) -> cells.truth(p.personalized())));
        for (int i = 0; i < schema.scores().size(); i++) {
            score(schema.scores().get(i), i, fields);
        }
        for (int i = 0; i < schema.points().size(); i++) {
            int place = i;
            fields.add(number(
                    schema.points().get(i),
                    (p, cells) -> cells.number(p.points().get(place))));
        }
        fields.add(new Field("segments", Kind.TEXTS, (p, cells) -> cells.texts(p.segments())));
        fields.add(text("segment", (p, cells) -> optional(p.segment(), cells)));
        fields.add(text("decision", (p, cells) -> optional(p.decision(), cells)));
        for (int i = 0; i < schema.lists().size(); i++) {
            items(schema.lists().get(i), i, fields);
        }
        Policy policy = scorer.policy();
        if (policy != null) {
            for (String name : policy.responses()) {
                fields.add(response(name));
            }
        }
        fields.add(new Field("degraded", Kind.TEXTS, (p, cells) -> cells.texts(p.degraded())));
        fields.add(new Field("as_of", Kind.INSTANT, (p, cells) -> cells.instant(p.asOf())));
        fields.add(number("profile_events", (p, cells) -> cells.number(p.profileEvents())));
        return fields;
    }

    private static Field text(String name, BiConsumer<Prediction, Cells> value) {
        return new Field(name, Kind.TEXT, value);
    }

    private static Field number(String name, BiConsumer<Prediction, Cells> value) {
        return new Field(name, Kind.NUMBER, value);
    }

    private static void optional(@Nullable String value, Cells cells) {
        if (value == null) {
            cells.nothing();
        } else {
            cells.text(value);
        }
    }

    private static void finite(double value, Cells cells) {
        if (Double.isNaN(value)) {
            cells.nothing();
        } else {
            cells.number(value);
        }
    }

    private static void score(PredictionSchema.Score score, int place, List<Field> fields) {
        fields.add(
                number(score.name(), (p, cells) -> finite(p.scores().get(place).value(), cells)));
        if (!score.bands().isEmpty()) {
            fields.add(text(score.name() + "_band", (p, cells) -> {
                int band = p.scores().get(place).band();
                optional(band < 0 ? null : score.bands().get(band), cells);
            }));
        }
        if (score.percentiles()) {
            fields.add(number(score.name() + "_percentile", (p, cells) -> {
                int percentile = p.scores().get(place).percentile();
                finite(percentile < 0 ? Double.NaN : percentile, cells);
            }));
        }
    }

    private static void items(PredictionSchema.Items list, int place, List<Field> fields) {
        for (int rank = 0; rank < list.shown(); rank++) {
            int at = rank;
            String prefix = list.flatPrefix() + "_" + (rank + 1) + "_";
            fields.add(text(prefix + "id", (p, cells) -> {
                Item item = item(p.lists().get(place), at);
                optional(item == null ? null : item.id(), cells);
            }));
            fields.add(number(prefix + "score", (p, cells) -> {
                ItemList items = p.lists().get(place);
                finite(at < items.size() ? items.scores().get(at) : Double.NaN, cells);
            }));
            fields.add(itemText(prefix + "title", place, at, Item::title));
            fields.add(itemText(prefix + "url", place, at, Item::url));
            fields.add(itemText(prefix + "image", place, at, Item::image));
            fields.add(number(prefix + "price", (p, cells) -> {
                Item item = item(p.lists().get(place), at);
                finite(item == null ? Double.NaN : item.price(), cells);
            }));
        }
    }

    private static Field itemText(String name, int place, int at, Function<Item, String> text) {
        return text(name, (p, cells) -> {
            Item item = item(p.lists().get(place), at);
            String value = item == null ? "" : text.apply(item);
            optional(value.isEmpty() ? null : value, cells);
        });
    }

    private static @Nullable Item item(ItemList list, int at) {
        return at < list.size() ? list.items().get(at) : null;
    }

    /** What it holds is only known from customer to customer: a text, a number or a truth value. */
    private static Field response(String name) {
        return text(name, (p, cells) -> {
            Map<String, Object> responses = p.responses();
            Object value = responses.get(name);
            if (value instanceof String word) {
                cells.text(word);
            } else if (value instanceof Boolean truth) {
                cells.truth(truth);
            } else if (value instanceof Double number) {
                finite(number, cells);
            } else {
                cells.nothing();
            }
        });
    }
}
