package io.scorecast.server.security;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A token for the query of a URL: it opens GET below a path, with these parameters and no others, until it expires. It does
 * not name a customer, so that one serves a whole send; its text is the payload and an HMAC-SHA256 over it, in base64url.
 *
 * @param keyId whose signature it bears
 * @param expires epoch seconds
 */
public record SignedToken(Scope scope, String keyId, long expires, String path, Set<String> parameters) {

    /** The parameter of a query that carries it. */
    public static final String PARAMETER = "token";

    /** What is allowed if nothing is said; not {@code at}, for what is asked with it passes the caches. */
    public static final List<String> USUAL_PARAMETERS = List.of("customer_id", "field", "format", "limit", "models");

    private static final String VERSION = "1";
    private static final int FIELDS = 6;
    private static final int MAC_LENGTH = 43;
    private static final int MAX_LENGTH = 1_024;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    public SignedToken {
        parameters = Set.copyOf(parameters);
    }

    /**
     * Signs one: by who holds the key, without asking anybody.
     *
     * @throws IllegalArgumentException if such a token would never be taken
     */
    public static String sign(SecretKeyText key, String path, Instant expires, Set<String> parameters) {
        if (!path.matches("/v1/scores(/[^\\s?#]*)?")) {
            throw new IllegalArgumentException("a token opens paths that begin with /v1/scores, not '" + path + "'");
        }
        for (String parameter : parameters) {
            if (!parameter.matches("[a-z_]{1,40}") || parameter.equals(PARAMETER)) {
                throw new IllegalArgumentException("'" + parameter + "' is no name of a parameter");
            }
        }
        String payload = String.join(
                "\n",
                VERSION,
                Scope.SCORES_READ.text(),
                key.id(),
                Long.toString(expires.getEpochSecond()),
                path,
                String.join(",", parameters.stream().sorted().toList()));
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return ENCODER.encodeToString(bytes) + '.' + ENCODER.encodeToString(Crypto.hmac(key.signingKey(), bytes));
    }

    /** A token whose signature has not been looked at yet. */
    record Unproved(SignedToken token, byte[] payload, byte[] mac) {

        boolean isSignedWith(ApiKey.Secret secret) {
            return secret.signing().length > 0 && Crypto.same(Crypto.hmac(secret.signing(), payload), mac);
        }
    }

    /** Null if the text is no token. */
    static @Nullable Unproved parse(String text) {
        int dot = text.length() - MAC_LENGTH - 1;
        if (dot <= 0 || text.length() > MAX_LENGTH || text.charAt(dot) != '.') {
            return null;
        }
        try {
            byte[] payload = DECODER.decode(text.substring(0, dot));
            byte[] mac = DECODER.decode(text.substring(dot + 1));
            String[] fields = new String(payload, StandardCharsets.UTF_8).split("\n", -1);
            if (fields.length != FIELDS || !fields[0].equals(VERSION)) {
                return null;
            }
            Set<String> parameters = fields[5].isEmpty() ? Set.of() : Set.of(fields[5].split(",", -1));
            SignedToken token =
                    new SignedToken(Scope.of(fields[1]), fields[2], Long.parseLong(fields[3]), fields[4], parameters);
            return new Unproved(token, payload, mac);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether a raw path is this path or below it. */
    boolean covers(String rawPath) {
        return rawPath.startsWith(path)
                && (rawPath.length() == path.length() || path.endsWith("/") || rawPath.charAt(path.length()) == '/');
    }
}
