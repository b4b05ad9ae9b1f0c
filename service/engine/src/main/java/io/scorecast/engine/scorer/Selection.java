package io.scorecast.engine.scorer;

import java.util.Map;

/**
 * Which versions are wanted of a repository; of a model that is not named, the highest valid one.
 *
 * @param pins by model, the version that is to serve
 * @param aside by model, a version that does not serve of itself: a challenger
 */
public record Selection(Map<String, Integer> pins, Map<String, Integer> aside) {

    /** The highest valid version of every model. */
    public static final Selection HIGHEST = new Selection(Map.of(), Map.of());

    public Selection {
        pins = Map.copyOf(pins);
        aside = Map.copyOf(aside);
    }

    boolean isAside(String model, int version) {
        return Integer.valueOf(version).equals(aside.get(model));
    }
}
