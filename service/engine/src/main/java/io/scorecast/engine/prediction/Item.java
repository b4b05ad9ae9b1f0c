package io.scorecast.engine.prediction;

/**
 * Something that may be recommended.
 *
 * @param id what callers know it by
 * @param category its category path, empty if it has none
 * @param title what a reader may be shown, empty if it has none
 * @param url where it can be bought, empty if that is not known
 * @param image the address of a picture, empty if there is none
 * @param price in the shop's currency, NaN if it is not known
 */
public record Item(String id, String category, String title, String url, String image, double price) {

    /** As a model's vocabulary has it. */
    public Item(String id, String category, String title) {
        this(id, category, title, "", "", Double.NaN);
    }

    public static Item of(String id) {
        return new Item(id, "", "");
    }
}
