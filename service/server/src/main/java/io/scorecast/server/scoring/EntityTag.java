package io.scorecast.server.scoring;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The {@code ETag} of a body: worked out when it is first asked for, and once for all who are sent the same body. */
public final class EntityTag {

    private static final int BYTES = 12;

    private final byte[] body;
    /** Written by whoever is first; two who are first at once write the same. */
    private @Nullable String text;

    public EntityTag(byte[] body) {
        this.body = body;
    }

    /** As the header has it, in quotes. */
    public String text() {
        String known = text;
        if (known == null) {
            known = hash(body);
            text = known;
        }
        return known;
    }

    private static String hash(byte[] body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
            return '"' + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, BYTES)) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
