package io.scorecast.engine.prediction;

/**
 * Something that may be recommended.
 *
 * @param id what callers know it by
 * @param category its category path, empty if it has none
 * @param title what a reader may be shown, empty if it has none
 */
public record Item(String id, String category, String title) {

    public static Item of(String id) {
        return new Item(id, "", "");
    }
}
