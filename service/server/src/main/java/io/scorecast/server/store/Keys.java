package io.scorecast.server.store;

import io.scorecast.engine.event.CustomerId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The keys of a customer. The braces keep them on one slot of a cluster. */
final class Keys {

    private static final String START = "sc1:{";
    private static final String PROFILE_END = "}:p";

    /** Matches the keys of all logs. */
    static final byte[] ALL_PROFILES = (START + "*" + PROFILE_END).getBytes(StandardCharsets.UTF_8);

    private Keys() {}

    static byte[] profile(CustomerId customer) {
        return (START + customer.value() + PROFILE_END).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] prediction(CustomerId customer, String fingerprint) {
        return (START + customer.value() + "}:s:" + fingerprint).getBytes(StandardCharsets.UTF_8);
    }

    /** Whose log a key holds; null if it is none. */
    static @Nullable CustomerId customerOf(byte[] key) {
        String text = new String(key, StandardCharsets.UTF_8);
        if (!text.startsWith(START) || !text.endsWith(PROFILE_END)) {
            return null;
        }
        return CustomerId.of(text.substring(START.length(), text.length() - PROFILE_END.length()));
    }
}
