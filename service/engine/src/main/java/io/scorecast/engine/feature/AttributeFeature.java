package io.scorecast.engine.feature;

import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.Truth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An attribute of the customer.
 *
 * @param values what is looked for, as String, Double or Boolean; empty but for ONE_HOT and ORDINAL
 */
record AttributeFeature(String path, Encoding encoding, List<Object> values) implements Definition {

    enum Encoding {
        /** The number; a boolean as 0 or 1. */
        NUMBER,
        /** A vector with 1 at the value's place. */
        ONE_HOT,
        /** The place of the value, from 0. */
        ORDINAL,
        /** The text itself. */
        TEXT
    }

    @Override
    public FeatureType type() {
        return switch (encoding) {
            case NUMBER, ORDINAL -> FeatureType.NUMBER;
            case ONE_HOT -> FeatureType.VECTOR;
            case TEXT -> FeatureType.TEXT;
        };
    }

    @Override
    public int width() {
        return switch (encoding) {
            case NUMBER, ORDINAL -> 1;
            case ONE_HOT -> values.size();
            case TEXT -> 0;
        };
    }

    @Override
    public Computation bind(Planner planner, int[] inputs, int at) {
        return switch (encoding) {
            case NUMBER -> work -> work.set(at, number(work.profile().attributes()));
            case ORDINAL ->
                work -> {
                    int place = place(work.profile().attributes());
                    work.set(at, place < 0 ? Double.NaN : place);
                };
            case ONE_HOT ->
                work -> {
                    work.clear(at, values.size());
                    int place = place(work.profile().attributes());
                    if (place >= 0) {
                        work.set(at + place, 1);
                    }
                };
            case TEXT -> work -> work.setText(at, work.profile().attributes().text(path));
        };
    }

    private double number(Profile.Attributes attributes) {
        Truth truth = attributes.truth(path);
        return truth == Truth.MISSING ? attributes.number(path) : truth == Truth.YES ? 1 : 0;
    }

    private int place(Profile.Attributes attributes) {
        @Nullable String text = attributes.text(path);
        double number = attributes.number(path);
        Truth truth = attributes.truth(path);
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            boolean found = switch (value) {
                case String word -> word.equals(text);
                case Double figure -> figure == number;
                default -> truth != Truth.MISSING && value.equals(truth == Truth.YES);
            };
            if (found) {
                return i;
            }
        }
        return -1;
    }
}
