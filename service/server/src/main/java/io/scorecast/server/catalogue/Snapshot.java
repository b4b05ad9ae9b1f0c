package io.scorecast.server.catalogue;

import io.scorecast.engine.prediction.Item;
import io.scorecast.engine.prediction.ItemCatalogue;
import io.scorecast.engine.prediction.ItemList;
import io.scorecast.server.store.ProductStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The products as of one moment. Immutable.
 *
 * @param products by id, for each shard
 * @param versions of the shards
 * @param content the sum of a hash of each product: equal where what answers can show of all products is
 */
record Snapshot(List<Map<String, Product>> products, long[] versions, long content) implements ItemCatalogue {

    @Override
    public ItemList apply(ItemList list) {
        List<Item> items = new ArrayList<>(list.size());
        List<Double> scores = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            Item item = list.items().get(i);
            Product product = find(item.id());
            if (product == null) {
                items.add(item);
                scores.add(list.scores().get(i));
            } else if (product.inStock()) {
                items.add(product.of(item));
                scores.add(list.scores().get(i));
            }
        }
        return new ItemList(items, scores);
    }

    private @Nullable Product find(String id) {
        return products.get(ProductStore.shardOf(id, products.size())).get(id);
    }
}
