package io.scorecast.server.store;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shop's products, as JSON by id. Every call blocks, and throws {@link StoreUnavailableException} if it cannot be done.
 */
public interface ProductStore {

    /**
     * Products that were changed.
     *
     * @param version of the shard that they were read up to
     * @param whole whether they are all of the shard, and not only those changed since
     * @param products JSON by id
     */
    record Changes(int shard, long version, boolean whole, Map<String, byte[]> products) {}

    /** How many parts the products are kept in. */
    int shards();

    /** Where a product is, in all processes and for ever. */
    static int shardOf(String id, int shards) {
        return Math.floorMod(id.hashCode(), shards);
    }

    /** Keeps products, each in place of what was there; on failure some may have been kept. */
    void put(Map<String, byte[]> products);

    /** One product; null if it is unknown. */
    byte @Nullable [] get(String id);

    /**
     * What has changed in the shards whose version is not the one known; nothing of the others.
     *
     * @param known by shard; 0 for one that was never read
     */
    List<Changes> changes(long[] known);
}
