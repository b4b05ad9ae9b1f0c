package io.scorecast.server.serving;

import io.scorecast.engine.model.VersionFolder;
import io.scorecast.server.store.ControlStore;
import io.scorecast.server.store.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the instances tell each other through Redis: pins, challengers, what each has ready and serves, and what was
 * activated. An instance that has prepared a change waits until every other has answered about it, or its patience is over;
 * the first who sees that writes the activation, and all swap.
 */
final class Fleet {

    /** Who has not told of itself for so long does not count. */
    private static final Duration LIVE = Duration.ofSeconds(5);

    /** Records that nobody has touched for so long are removed. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(5);

    private static final String PINS = "pins";
    private static final String CHALLENGERS = "challengers";
    private static final String INSTANCES = "instances";
    private static final String ACTIVATED = "activated";
    private static final String FINGERPRINT = "fingerprint";

    private final ControlStore store;
    private final Clock clock;
    private final Duration patience;
    private final String id = UUID.randomUUID().toString();
    private Map<String, Heard> heard = Map.of();

    /**
     * What another instance told last. It tells at every poll, and its record changes each time; so its age is how long ago
     * this instance saw it change, and clocks need not agree.
     *
     * @param since when it was first seen so, epoch milliseconds
     */
    private record Heard(String text, long since) {}

    Fleet(ControlStore store, Clock clock, Duration patience) {
        this.store = store;
        this.clock = clock;
        this.patience = patience;
    }

    /**
     * What stands in Redis.
     *
     * @param instances the others, by id; only those that live
     */
    record Facts(
            Map<String, Integer> pins,
            Map<String, Challenge> challengers,
            Map<String, Instance> instances,
            String activated) {}

    /** Reads all; null if Redis does not answer. */
    @Nullable
    Facts read() {
        try {
            Map<String, Integer> pins = new TreeMap<>();
            store.facts(PINS).forEach((model, version) -> {
                int number = VersionFolder.parseVersion(version);
                if (number > 0) {
                    pins.put(model, number);
                }
            });
            Map<String, Challenge> challengers = new TreeMap<>();
            store.facts(CHALLENGERS).forEach((model, text) -> {
                Challenge challenge = Challenge.parse(model, text);
                if (challenge != null) {
                    challengers.put(model, challenge);
                }
            });
            return new Facts(pins, challengers, others(), store.facts(ACTIVATED).getOrDefault(FINGERPRINT, ""));
        } catch (StoreUnavailableException e) {
            return null;
        }
    }

    private Map<String, Instance> others() {
        Map<String, Instance> others = new TreeMap<>();
        Map<String, Heard> now = new HashMap<>();
        long time = clock.millis();
        store.facts(INSTANCES).forEach((other, text) -> {
            if (other.equals(id)) {
                return;
            }
            Heard last = heard.get(other);
            Heard next = last != null && last.text().equals(text) ? last : new Heard(text, time);
            now.put(other, next);
            Instance instance = Instance.parse(text); // Null if another release wrote it, which may live.
            if (time - next.since() > FORGOTTEN.toMillis()) {
                store.remove(INSTANCES, other);
            } else if (instance != null && time - next.since() < LIVE.toMillis()) {
                others.put(other, instance);
            }
        });
        heard = now;
        return others;
    }

    /**
     * Whether what this instance has prepared may go live.
     *
     * @param since when it was prepared, epoch milliseconds
     */
    boolean mayActivate(@Nullable Facts facts, String wanted, String fingerprint, long since) {
        return facts == null
                || facts.activated().equals(fingerprint)
                || clock.millis() - since >= patience.toMillis()
                || facts.instances().values().stream().allMatch(other -> other.hasAnswered(wanted, fingerprint));
    }

    /** Tells all to swap; whether it could. */
    boolean activated(String fingerprint) {
        return attempt(() -> store.set(ACTIVATED, FINGERPRINT, fingerprint));
    }

    /** Tells of this instance; at once to those who wait for an answer. */
    void tell(Instance self, boolean changed) {
        attempt(() -> {
            if (changed) {
                store.set(INSTANCES, id, self.text());
            } else {
                store.note(INSTANCES, id, self.text());
            }
        });
    }

    /** @throws StoreUnavailableException if it cannot be kept */
    void pin(String model, int version) {
        store.set(PINS, model, Integer.toString(version));
    }

    /** @throws StoreUnavailableException if it cannot be kept */
    void unpin(String model) {
        store.remove(PINS, model);
    }

    /** @throws StoreUnavailableException if it cannot be kept */
    void challenge(Challenge challenge) {
        store.set(CHALLENGERS, challenge.model(), challenge.text());
    }

    /** @throws StoreUnavailableException if it cannot be kept */
    void endChallenge(String model) {
        store.remove(CHALLENGERS, model);
    }

    String id() {
        return id;
    }

    void leave() {
        attempt(() -> store.remove(INSTANCES, id));
    }

    private static boolean attempt(Runnable call) {
        try {
            call.run();
            return true;
        } catch (StoreUnavailableException e) {
            return false; // The next poll tells again.
        }
    }
}
