package io.scorecast.server.scoring;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.server.store.LogIdentity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers in the memory of this process, bounded in bytes. An entry is served unasked for a short while after its last
 * proof that the log in Redis is still the one it was computed from. It is never stale against this process's own writes:
 * {@link #written} is called before a write is acknowledged, and {@link #put} refuses what was read before it.
 */
final class NearCache {

    /** Objects, keys and the table itself, for each entry. */
    private static final int OVERHEAD = 256;

    private final Cache<String, Entry> entries;
    private final Generations generations;
    private final long proofAgeNanos;

    NearCache(long bytes, long proofAgeNanos, Generations generations) {
        this.entries = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .<String, Entry>weigher(
                        (customer, entry) -> OVERHEAD + 2 * customer.length() + entry.answer.body().length)
                .executor(Runnable::run)
                .build();
        this.generations = generations;
        this.proofAgeNanos = proofAgeNanos;
    }

    /** An answer and when it was last known to hold. */
    static final class Entry {

        private final Answer answer;
        private final String fingerprint;
        private final LogIdentity identity;
        private volatile long provenNanos;

        private Entry(Answer answer, String fingerprint, LogIdentity identity, long provenNanos) {
            this.answer = answer;
            this.fingerprint = fingerprint;
            this.identity = identity;
            this.provenNanos = provenNanos;
        }

        Answer answer() {
            return answer;
        }

        LogIdentity identity() {
            return identity;
        }
    }

    /** The answer that may be served unasked; null if there is none. */
    @Nullable
    Answer fresh(String customer, String fingerprint, long now) {
        Entry entry = get(customer, fingerprint, now);
        return entry != null && System.nanoTime() - entry.provenNanos < proofAgeNanos ? entry.answer : null;
    }

    /** The entry that may be served once it is proven again; null if there is none. */
    @Nullable
    Entry get(String customer, String fingerprint, long now) {
        Entry entry = entries.getIfPresent(customer);
        return entry != null && entry.fingerprint.equals(fingerprint) && now < entry.answer.validUntil() ? entry : null;
    }

    /**
     * Notes that Redis has just confirmed the entry.
     *
     * @param askedNanos {@link System#nanoTime} from before it was asked
     */
    void proven(Entry entry, long askedNanos) {
        entry.provenNanos = askedNanos;
    }

    /**
     * Takes an answer, unless this process has written to the profile since.
     *
     * @param generation the customer's, from before the log was read
     * @param askedNanos {@link System#nanoTime} from before the log was read
     */
    void put(
            String customer,
            Answer answer,
            String fingerprint,
            LogIdentity identity,
            long generation,
            long askedNanos) {
        Entry entry = new Entry(answer.from(CacheOutcome.NEAR), fingerprint, identity, askedNanos);
        // Atomic for the key: a write either advances the generation first, or removes what is put here.
        entries.asMap().compute(customer, (key, old) -> generations.of(customer) == generation ? entry : old);
    }

    /** This process has written to the profile. */
    void written(String customer) {
        generations.advance(customer);
        entries.asMap().remove(customer);
    }

    /** Forgets an answer that another instance's has overtaken. */
    void forget(String customer) {
        entries.asMap().remove(customer);
    }

    /** The customers asked for most, hottest first, in groups. */
    List<List<CustomerId>> hottest(int most, int together) {
        List<CustomerId> customers = new ArrayList<>();
        entries.policy()
                .eviction()
                .ifPresent(eviction -> eviction.hottest(most).keySet().stream()
                        .map(CustomerId::of)
                        .forEach(customers::add));
        List<List<CustomerId>> groups = new ArrayList<>();
        for (int from = 0; from < customers.size(); from += together) {
            groups.add(List.copyOf(customers.subList(from, Math.min(customers.size(), from + together))));
        }
        return groups;
    }

    long size() {
        return entries.estimatedSize();
    }
}
