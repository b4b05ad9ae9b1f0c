package io.scorecast.server.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.IllegalBlockSizeException;
import org.cryptomator.siv.SivMode;
import org.cryptomator.siv.UnauthenticCiphertextException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the ids of customers unreadable in Redis: AES-SIV (RFC 5297) with 256-bit keys. The same id gives the same text, so
 * that its key is found; and the text gives the id back, so that customers can be listed. What an answer says of an id is
 * sealed with it. Without a key everything stays as it is. Safe for many threads.
 */
public abstract sealed class IdCipher {

    /** Shorter keys could be guessed. */
    static final int LEAST_KEY = 32;

    /** Leaves ids as they are. */
    static final IdCipher NONE = new None();

    /**
     * By a key; null for none.
     *
     * @throws IllegalArgumentException if the key is too short
     */
    static IdCipher of(@Nullable String key) {
        if (key == null || key.isEmpty()) {
            return NONE;
        }
        if (key.length() < LEAST_KEY) {
            throw new IllegalArgumentException("an id key has at least " + LEAST_KEY + " characters, chosen at random");
        }
        return new Siv(key);
    }

    /** The id as it stands in a key of Redis. */
    abstract String seal(String id);

    /** The id back; null if it was not sealed by this key. */
    abstract @Nullable String open(String sealed);

    /** A body that names a customer, as it stands in a value of Redis. */
    abstract byte[] seal(byte[] body, String id);

    /** The body back; null if it was not sealed by this key for this customer. */
    abstract byte @Nullable [] open(byte[] sealed, String id);

    private static final class None extends IdCipher {

        @Override
        String seal(String id) {
            return id;
        }

        @Override
        String open(String sealed) {
            return sealed;
        }

        @Override
        byte[] seal(byte[] body, String id) {
            return body;
        }

        @Override
        byte[] open(byte[] sealed, String id) {
            return sealed;
        }
    }

    private static final class Siv extends IdCipher {

        private static final byte[] ID = bytes("scorecast id");
        private static final byte[] BODY = bytes("scorecast body");
        private static final int KEY_BYTES = 32;

        private final SivMode siv = new SivMode();
        private final byte[] encryption;
        private final byte[] authentication;

        Siv(String key) {
            byte[] both = sha512(key);
            authentication = Arrays.copyOfRange(both, 0, KEY_BYTES);
            encryption = Arrays.copyOfRange(both, KEY_BYTES, 2 * KEY_BYTES);
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        private static byte[] sha512(String key) {
            try {
                return MessageDigest.getInstance("SHA-512").digest(bytes("scorecast id key\n" + key));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-512", e);
            }
        }

        @Override
        String seal(String id) {
            byte[] sealed = siv.encrypt(encryption, authentication, bytes(id), ID);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
        }

        @Override
        @Nullable
        String open(String sealed) {
            try {
                byte[] id = decrypt(Base64.getUrlDecoder().decode(sealed), ID);
                return id == null ? null : new String(id, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        @Override
        byte[] seal(byte[] body, String id) {
            return siv.encrypt(encryption, authentication, body, BODY, bytes(id));
        }

        @Override
        byte @Nullable [] open(byte[] sealed, String id) {
            return decrypt(sealed, BODY, bytes(id));
        }

        private byte @Nullable [] decrypt(byte[] sealed, byte[]... associated) {
            try {
                return siv.decrypt(encryption, authentication, sealed, associated);
            } catch (UnauthenticCiphertextException | IllegalBlockSizeException e) {
                return null;
            }
        }
    }
}
