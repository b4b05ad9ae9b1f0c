package io.scorecast.server.security;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a key. Instants are epoch milliseconds, 0 for none.
 *
 * @param name for people, and for the audit record
 * @param current the secret that counts
 * @param previous the one before the last rotation; null if there is none
 * @param previousUntil when that one ends
 * @param expires when the key ends
 * @param revoked when it was revoked
 * @param rate requests a second that an instance takes from it; 0 for any number
 * @param tokenRate the same for tokens signed with it
 */
public record ApiKey(
        String id,
        String name,
        Set<Scope> scopes,
        long created,
        Secret current,
        @Nullable Secret previous,
        long previousUntil,
        long expires,
        long revoked,
        int rate,
        int tokenRate) {

    public ApiKey {
        scopes = scopes.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(scopes));
    }

    /**
     * Of a secret what is kept.
     *
     * @param hash SHA-256 of it
     * @param signing what tokens are signed with; empty for a key that may sign none
     */
    public record Secret(byte[] hash, byte[] signing) {}

    boolean isActive(long now) {
        return revoked == 0 && (expires == 0 || now < expires);
    }

    boolean isOverlapping(long now) {
        return previous != null && now < previousUntil;
    }

    /** Whether a hash is that of a secret which counts now. */
    boolean accepts(byte[] hash, long now) {
        Secret before = previous;
        return Crypto.same(hash, current.hash())
                || (before != null && now < previousUntil && Crypto.same(hash, before.hash()));
    }

    boolean may(Set<Scope> anyOf) {
        if (scopes.contains(Scope.ADMIN)) {
            return true;
        }
        for (Scope scope : anyOf) {
            if (scopes.contains(scope)) {
                return true;
            }
        }
        return false;
    }

    /** Whether tokens may be signed with it. */
    public boolean maySign() {
        return maySign(scopes);
    }

    static boolean maySign(Set<Scope> scopes) {
        return scopes.contains(Scope.SCORES_READ) || scopes.contains(Scope.ADMIN);
    }

    ApiKey rotated(Secret next, long until) {
        return new ApiKey(id, name, scopes, created, next, current, until, expires, revoked, rate, tokenRate);
    }

    /** Without its secrets: nothing can be done with them any more. */
    ApiKey revokedAt(long now) {
        Secret none = new Secret(current.hash(), new byte[0]);
        return new ApiKey(id, name, scopes, created, none, null, 0, expires, now, rate, tokenRate);
    }

    /** {@code active}, {@code rotating}, {@code expired} or {@code revoked}. */
    public String state(Instant at) {
        long now = at.toEpochMilli();
        if (revoked != 0) {
            return "revoked";
        }
        if (!isActive(now)) {
            return "expired";
        }
        return isOverlapping(now) ? "rotating" : "active";
    }

    /** Keeps hashes out of logs. */
    @Override
    public String toString() {
        return "key " + name;
    }
}
