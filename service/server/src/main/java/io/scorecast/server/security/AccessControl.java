package io.scorecast.server.security;

import io.scorecast.server.security.AccessRules.Rule;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a call is allowed. Runs on the event loops for every request: a look into a map, one SHA-256 of 52 bytes and
 * one comparison in constant time; for a signed token an HMAC instead. Nothing that was presented is kept.
 */
public final class AccessControl {

    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";
    private static final int MAX_CREDENTIALS = 256;
    private static final long SECOND = 1_000_000_000L;

    /** Whoever calls where no key is needed. */
    private static final Access.Granted ANYONE = new Access.Granted("anyone");

    private static final Access.Unauthenticated NO_KEY = new Access.Unauthenticated(
            "this call needs a key: Authorization: Bearer …, Basic, the header X-Api-Key, or a signed token");
    private static final Access.Unauthenticated BAD_KEY =
            new Access.Unauthenticated("the key is unknown, has expired or was revoked");
    private static final Access.Unauthenticated BAD_TOKEN =
            new Access.Unauthenticated("the token is not signed with a key that counts, or has expired");
    private static final Access.Unknown UNKNOWN =
            new Access.Unknown("the keys are not known yet: Redis cannot be reached");

    private final KeyRing ring;
    private final Auth auth;
    private final boolean loopback;

    /**
     * @param loopback whether the service listens for this machine alone
     */
    public AccessControl(KeyRing ring, Auth auth, boolean loopback) {
        this.ring = ring;
        this.auth = auth;
        this.loopback = loopback;
    }

    /** Whether keys are asked for. */
    public boolean isEnforced() {
        return switch (auth) {
            case OFF -> false;
            case REQUIRED -> true;
            case AUTO -> !loopback || ring.hasAny();
        };
    }

    /** Whether keys are asked for and there are none, so that nobody could call. */
    public boolean isShut() {
        return isEnforced() && ring.isKnown() && !ring.hasAny();
    }

    /** Whether such calls need a key. */
    public boolean needsKey(Rule rule) {
        return !rule.open() && isEnforced();
    }

    /** Whether a call is allowed, and to whom. */
    public Access check(Call call, Rule rule) {
        return needsKey(rule) ? decide(call, rule) : named(call, rule);
    }

    /** Where nobody has to present a key, who does is known by it. */
    private Access named(Call call, Rule rule) {
        if (call.authorization() == null && call.keyHeader() == null) {
            return ANYONE;
        }
        return decide(call, rule) instanceof Access.Granted granted ? granted : ANYONE;
    }

    private Access decide(Call call, Rule rule) {
        String authorization = call.authorization();
        String header = call.keyHeader();
        if (authorization != null || header != null) {
            SecretKeyText presented = authorization == null ? whole(header) : credentials(authorization);
            return presented == null ? refused(BAD_KEY) : byKey(presented, rule);
        }
        String token = call.token();
        return token == null ? refused(NO_KEY) : byToken(token, call, rule);
    }

    private Access refused(Access.Unauthenticated otherwise) {
        return ring.isKnown() ? otherwise : UNKNOWN;
    }

    private static @Nullable SecretKeyText whole(@Nullable String key) {
        return key == null ? null : SecretKeyText.parse(key.strip());
    }

    private static @Nullable SecretKeyText credentials(String authorization) {
        if (authorization.length() > MAX_CREDENTIALS) {
            return null;
        }
        if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return whole(authorization.substring(BEARER.length()));
        }
        if (authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return basic(authorization.substring(BASIC.length()).strip());
        }
        return null;
    }

    /** The password is the key whole, whoever the user is, or the key's secret part, with its id as the user. */
    private static @Nullable SecretKeyText basic(String encoded) {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            return null;
        }
        String password = pair.substring(colon + 1);
        SecretKeyText key = SecretKeyText.parse(password);
        return key != null ? key : SecretKeyText.parse("sc_" + pair.substring(0, colon) + "_" + password);
    }

    private Access byKey(SecretKeyText presented, Rule rule) {
        KeyRing.Held held = ring.find(presented.id());
        long now = ring.now();
        // Hashed also for an unknown id, so that the time tells nobody which ids there are.
        byte[] hash = presented.hash();
        if (held == null || !held.key().accepts(hash, now) || !held.key().isActive(now)) {
            return refused(BAD_KEY);
        }
        ApiKey key = held.key();
        if (!rule.anyOf().isEmpty() && !key.may(rule.anyOf())) {
            return new Access.Forbidden("the key '" + key.name() + "' lacks the scope " + names(rule.anyOf()));
        }
        return within(held, false, now);
    }

    private static String names(Set<Scope> anyOf) {
        return EnumSet.copyOf(anyOf).stream().map(Scope::text).collect(Collectors.joining(" or "));
    }

    private Access byToken(String text, Call call, Rule rule) {
        SignedToken.Unproved unproved = SignedToken.parse(text);
        KeyRing.Held held = unproved == null ? null : ring.find(unproved.token().keyId());
        if (unproved == null || held == null) {
            return refused(BAD_TOKEN);
        }
        SignedToken token = unproved.token();
        ApiKey key = held.key();
        long now = ring.now();
        ApiKey.Secret previous = key.previous();
        boolean signed = unproved.isSignedWith(key.current())
                || (previous != null && key.isOverlapping(now) && unproved.isSignedWith(previous));
        if (!signed || !key.isActive(now) || now / 1_000 >= token.expires()) {
            return refused(BAD_TOKEN);
        }
        if (token.scope() != Scope.SCORES_READ
                || !key.maySign()
                || !rule.anyOf().contains(Scope.SCORES_READ)
                || !(call.method().equals("GET") || call.method().equals("HEAD"))) {
            return new Access.Forbidden("a token opens GET /v1/scores and nothing else");
        }
        if (!token.covers(call.rawPath())) {
            return new Access.Forbidden("the token is for paths that begin with " + token.path());
        }
        for (String parameter : call.parameters()) {
            if (!parameter.equals(SignedToken.PARAMETER) && !token.parameters().contains(parameter)) {
                return new Access.Forbidden("the token does not allow that parameter; it allows "
                        + token.parameters().stream().sorted().toList());
            }
        }
        return within(held, true, now);
    }

    private static Access within(KeyRing.Held held, boolean byToken, long now) {
        long wait = held.take(byToken);
        if (wait > 0) {
            return new Access.TooMany(
                    "the key '" + held.key().name() + "' is over its limit of "
                            + (byToken ? held.key().tokenRate() : held.key().rate()) + " requests a second",
                    Math.max(1, (wait + SECOND - 1) / SECOND));
        }
        held.used(now);
        return held.granted();
    }
}
