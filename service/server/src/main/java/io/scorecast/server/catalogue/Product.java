package io.scorecast.server.catalogue;

import io.scorecast.engine.prediction.Item;

/**
 * What an answer needs to know of a product.
 *
 * @param category empty if the shop says none, like the other texts
 * @param price NaN if the shop says none
 */
record Product(String category, String title, String url, String image, double price, boolean inStock) {

    /** An item with what the shop says of it, and what it was where the shop is silent. */
    Item of(Item item) {
        return new Item(
                item.id(),
                category.isEmpty() ? item.category() : category,
                title.isEmpty() ? item.title() : title,
                url,
                image,
                price);
    }
}
