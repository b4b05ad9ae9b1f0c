package io.scorecast.server.store;

import io.scorecast.engine.event.CustomerId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The keys of a customer. The braces keep them on one slot of a cluster. */
final class Keys {

    private static final String PROFILE_END = "}:p";

    private final String start;
    private final IdCipher cipher;

    /**
     * @param prefix what all keys begin with
     * @param cipher of the ids in them
     */
    Keys(String prefix, IdCipher cipher) {
        this.start = prefix + ":{";
        this.cipher = cipher;
    }

    /** Matches the keys of all logs. */
    byte[] allProfiles() {
        return bytes(start + "*" + PROFILE_END);
    }

    byte[] profile(CustomerId customer) {
        return bytes(start + cipher.seal(customer.value()) + PROFILE_END);
    }

    byte[] prediction(CustomerId customer, String fingerprint) {
        return bytes(start + cipher.seal(customer.value()) + "}:s:" + fingerprint);
    }

    /** Whose log a key holds; null if it is none, or that of an id which was sealed otherwise. */
    @Nullable
    CustomerId customerOf(byte[] key) {
        String text = new String(key, StandardCharsets.UTF_8);
        if (!text.startsWith(start) || !text.endsWith(PROFILE_END)) {
            return null;
        }
        String id = cipher.open(text.substring(start.length(), text.length() - PROFILE_END.length()));
        try {
            return id == null ? null : CustomerId.of(id);
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }
}
