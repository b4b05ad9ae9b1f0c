package io.scorecast.server.security;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A key as its holder has it: {@code sc_<id>_<secret>}. The beginning lets scanners for leaked secrets know it, the id is no
 * secret, and both parts have a fixed length.
 */
public record SecretKeyText(String id, String secret) {

    static final int ID_LENGTH = 10;
    private static final int SECRET_LENGTH = 52;
    private static final String START = "sc_";
    private static final int SECRET_AT = START.length() + ID_LENGTH + 1;
    private static final int LENGTH = SECRET_AT + SECRET_LENGTH;
    private static final String SIGNING = "scorecast signed token";

    static SecretKeyText random(String id) {
        return new SecretKeyText(id, Crypto.random(SECRET_LENGTH));
    }

    /** Reads a key; null if the text is none. */
    public static @Nullable SecretKeyText parse(String text) {
        if (text.length() != LENGTH || !text.startsWith(START) || text.charAt(SECRET_AT - 1) != '_') {
            return null;
        }
        return new SecretKeyText(text.substring(START.length(), SECRET_AT - 1), text.substring(SECRET_AT));
    }

    /** What the service keeps of it. */
    byte[] hash() {
        return Crypto.sha256(secret);
    }

    /**
     * What tokens are signed with. Whoever checks an HMAC must have its key, so this one is kept as it is, but it is derived
     * from the secret and leads back neither to it nor to its hash: with it one can sign tokens, and do nothing else.
     */
    byte[] signingKey() {
        return Crypto.hmac(secret.getBytes(StandardCharsets.UTF_8), SIGNING);
    }

    /** Whole, for its holder. */
    public String text() {
        return START + id + "_" + secret;
    }

    /** Keeps the secret out of logs. */
    @Override
    public String toString() {
        return START + id + "_…";
    }
}
