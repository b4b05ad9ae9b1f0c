package io.scorecast.engine.prediction;

/** What a shop says of its products, as of one moment: it does not change. */
public interface ItemCatalogue {

    /** Of a shop that says nothing. */
    ItemCatalogue NONE = list -> list;

    /**
     * A list as the shop wants it shown: without what is out of stock, and each item with what the catalogue says of it,
     * which wins over the model's vocabulary. Items that the catalogue does not know stay as they are.
     */
    ItemList apply(ItemList list);
}
