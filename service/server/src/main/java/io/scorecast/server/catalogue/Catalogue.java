package io.scorecast.server.catalogue;

import io.scorecast.engine.prediction.ItemCatalogue;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.server.store.ControlStore;
import io.scorecast.server.store.ProductStore;
import io.scorecast.server.store.StoreUnavailableException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of the shop's products: a snapshot that is renewed when an instance tells of a change, and twice a
 * second for what was not heard. Safe for many threads.
 */
public final class Catalogue implements AutoCloseable {

    private static final long POLL_MILLIS = 500;
    private static final String TOPIC = "catalogue";

    private final ProductStore store;
    private final ControlStore control;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AutoCloseable listening;
    private volatile State state;

    /** The products, and a name that is theirs alone. */
    public static final class State {

        /** Of a shop that says nothing. */
        public static final State NONE = new State(ItemCatalogue.NONE, "");

        private final ItemCatalogue products;
        private final String tag;

        /** The last fingerprint, for every request asks for one and nearly all of them of the same Scorer. */
        private volatile Kept kept = new Kept("", "");

        private record Kept(String scorer, String whole) {}

        /**
         * @param tag empty if there are none; part of what a kept answer is found by
         */
        State(ItemCatalogue products, String tag) {
            this.products = products;
            this.tag = tag;
        }

        public ItemCatalogue products() {
            return products;
        }

        /** What answers of a Scorer and these products are kept under: equal exactly where the answers are. */
        public String fingerprint(Scorer scorer) {
            String own = scorer.fingerprint();
            if (tag.isEmpty()) {
                return own;
            }
            Kept last = kept;
            if (!last.scorer().equals(own)) {
                last = new Kept(own, own.concat(tag));
                kept = last;
            }
            return last.whole();
        }
    }

    public Catalogue(ProductStore store, ControlStore control) {
        this.store = store;
        this.control = control;
        state = empty(store);
        Thread.ofPlatform().daemon().name("catalogue").start(this::poll);
        listening = control.listen(this::renew);
    }

    private static State empty(ProductStore store) {
        return new State(new Snapshot(Collections.nCopies(store.shards(), Map.of()), new long[store.shards()], 0), "");
    }

    /**
     * The products as they are in a store, for work that is over soon.
     *
     * @throws StoreUnavailableException if they cannot be read
     */
    public static State read(ProductStore store) {
        return changed(empty(store), store);
    }

    /** The products as known now. */
    public State now() {
        return state;
    }

    /**
     * The products after a look whether they have changed.
     *
     * @throws StoreUnavailableException if that cannot be told
     */
    public State renewed() {
        refresh();
        return state;
    }

    /**
     * Keeps products, and tells the other instances; this one knows them when the call returns.
     *
     * @throws StoreUnavailableException if not all could be kept; putting them again is harmless
     */
    public void put(Map<String, byte[]> products) {
        store.put(products);
        refresh();
        control.set(TOPIC, "changed", Long.toString(System.currentTimeMillis()));
    }

    /** One product's JSON; null if it is unknown. */
    public byte @Nullable [] get(String id) {
        return store.get(id);
    }

    private void poll() {
        try {
            do {
                renew();
            } while (!closed.await(POLL_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void renew() {
        try {
            refresh();
        } catch (StoreUnavailableException e) {
            // The next poll tries again; until then the products are those last known.
        }
    }

    private synchronized void refresh() {
        state = changed(state, store);
    }

    private static State changed(State known, ProductStore store) {
        Snapshot old = (Snapshot) known.products();
        List<ProductStore.Changes> changes = store.changes(old.versions());
        if (changes.isEmpty()) {
            return known;
        }
        List<Map<String, Product>> shards = new ArrayList<>(old.products());
        long[] versions = old.versions().clone();
        long content = old.content();
        for (ProductStore.Changes change : changes) {
            Map<String, Product> before = shards.get(change.shard());
            Map<String, Product> shard = change.whole() ? new HashMap<>() : new HashMap<>(before);
            if (change.whole()) {
                content -= sum(before);
            }
            for (Map.Entry<String, byte[]> entry : change.products().entrySet()) {
                Product product = ProductJson.product(entry.getValue());
                Product last = shard.put(entry.getKey(), product);
                content += hash(entry.getKey(), product) - (last == null ? 0 : hash(entry.getKey(), last));
            }
            shards.set(change.shard(), shard);
            versions[change.shard()] = change.version();
        }
        boolean empty = shards.stream().allMatch(Map::isEmpty);
        return new State(
                new Snapshot(List.copyOf(shards), versions, content), empty ? "" : "-" + Long.toHexString(content));
    }

    private static long sum(Map<String, Product> products) {
        long sum = 0;
        for (Map.Entry<String, Product> entry : products.entrySet()) {
            sum += hash(entry.getKey(), entry.getValue());
        }
        return sum;
    }

    private static long hash(String id, Product product) {
        try {
            byte[] text = (id + '\n' + product).getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            listening.close();
        } catch (Exception e) {
            throw new IllegalStateException("the listener did not stop", e);
        }
    }
}
