package io.scorecast.server.security;

import io.scorecast.server.store.ControlStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes, rotates and revokes keys. Instances hear of it by the control channel at once, and by their next look within a
 * second. Revoked keys stay on record, so that a service whose last key was revoked is not open to all.
 */
public final class KeyRegistry {

    static final String KEYS = "keys";
    static final String USES = "key-uses";

    private final ControlStore control;
    private final Clock clock;

    public KeyRegistry(ControlStore control, Clock clock) {
        this.control = control;
        this.clock = clock;
    }

    /** A key with its secret, which nobody can be told again. */
    public record Made(ApiKey key, SecretKeyText text) {}

    /** A key, and about when it was last used; null if it was not. */
    public record Listed(ApiKey key, @Nullable Instant lastUsed) {}

    /**
     * Makes a key.
     *
     * @param lifetime null for no end
     * @param rate requests a second that an instance takes from it; 0 for any number
     * @param tokenRate the same for tokens signed with it
     */
    public Made create(String name, Set<Scope> scopes, @Nullable Duration lifetime, int rate, int tokenRate) {
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("a key needs a scope, one of " + Scope.names());
        }
        if (list().stream().anyMatch(listed -> listed.key().name().equals(name) && isInUse(listed.key()))) {
            throw new IllegalArgumentException(
                    "there is a key '" + name + "' already; rotate it, or take another name");
        }
        long now = clock.millis();
        SecretKeyText text = SecretKeyText.random(Crypto.random(SecretKeyText.ID_LENGTH));
        ApiKey key = new ApiKey(
                text.id(),
                name,
                scopes,
                now,
                secret(text, scopes),
                null,
                0,
                lifetime == null ? 0 : now + lifetime.toMillis(),
                0,
                rate,
                tokenRate);
        write(key);
        return new Made(key, text);
    }

    private boolean isInUse(ApiKey key) {
        return key.isActive(clock.millis());
    }

    private static ApiKey.Secret secret(SecretKeyText text, Set<Scope> scopes) {
        return new ApiKey.Secret(text.hash(), ApiKey.maySign(scopes) ? text.signingKey() : new byte[0]);
    }

    /**
     * Gives a key another secret; the one before counts for a while longer, and one before that no more.
     *
     * @param name its id or name
     */
    public Made rotate(String name, Duration overlap) {
        ApiKey key = find(name);
        if (!isInUse(key)) {
            throw new IllegalArgumentException("key '" + name + "' is revoked or has expired; create another");
        }
        SecretKeyText text = SecretKeyText.random(key.id());
        ApiKey rotated = key.rotated(secret(text, key.scopes()), clock.millis() + overlap.toMillis());
        write(rotated);
        return new Made(rotated, text);
    }

    /**
     * Ends a key, and every token signed with it.
     *
     * @param name its id or name
     */
    public ApiKey revoke(String name) {
        ApiKey key = find(name);
        if (key.revoked() != 0) {
            return key;
        }
        ApiKey revoked = key.revokedAt(clock.millis());
        write(revoked);
        return revoked;
    }

    /** All keys, the oldest first. */
    public List<Listed> list() {
        Map<String, String> uses = control.facts(USES);
        List<Listed> keys = new ArrayList<>();
        control.facts(KEYS).values().forEach(text -> {
            ApiKey key = ApiKeyText.read(text);
            if (key != null) {
                String used = uses.get(key.id());
                keys.add(new Listed(key, used == null ? null : Instant.ofEpochMilli(Long.parseLong(used))));
            }
        });
        keys.sort(Comparator.comparingLong((Listed listed) -> listed.key().created())
                .thenComparing(listed -> listed.key().id()));
        return keys;
    }

    /** By id, else by name: the newest of that name. */
    private ApiKey find(String name) {
        ApiKey named = null;
        for (Listed listed : list()) {
            if (listed.key().id().equals(name)) {
                return listed.key();
            }
            if (listed.key().name().equals(name)) {
                named = listed.key();
            }
        }
        if (named == null) {
            throw new IllegalArgumentException("there is no key '" + name + "'; key list shows what there is");
        }
        return named;
    }

    private void write(ApiKey key) {
        control.set(KEYS, key.id(), ApiKeyText.write(key));
    }
}
