package io.scorecast.engine.model;

import java.util.List;

/** Named ranges of a score. A score belongs to the last band that begins at or below it, and to the first one if none does. */
public final class Bands {

    private static final Bands NONE = new Bands(List.of(), new double[0]);

    private final List<String> names;
    private final double[] from;

    /** Takes where each band begins, ascending strictly. */
    public Bands(List<String> names, double[] from) {
        this.names = List.copyOf(names);
        this.from = from.clone();
    }

    public static Bands none() {
        return NONE;
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }

    /** In ascending order. */
    public List<String> names() {
        return names;
    }

    /** The band's index of a published score; -1 if there are no bands or the score is NaN. */
    public int of(double score) {
        if (Double.isNaN(score) || names.isEmpty()) {
            return -1;
        }
        int band = 0;
        while (band + 1 < from.length && from[band + 1] <= score) {
            band++;
        }
        return band;
    }
}
