package io.scorecast.server.security;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each call needs, and which calls are on the audit record: the one place where it is written. Calls are told apart by
 * method and route template, the router's own reading of a path, so that no spelling of a path can be read one way here and
 * another way there. A route that nobody has put on this list needs {@code admin}.
 */
public final class AccessRules {

    private static final String ANY = "*";

    private static final List<Rule> RULES = List.of(
            needs(ANY, "/v1/scores", Scope.SCORES_READ),
            needs(ANY, "/v1/events", Scope.EVENTS_WRITE),
            needs(ANY, "/v1/customers", Scope.CUSTOMERS),
            needs(ANY, "/v1/erasures", Scope.CUSTOMERS),
            needs("GET", "/v1/products", Scope.EVENTS_WRITE, Scope.SCORES_READ),
            needs(ANY, "/v1/products", Scope.EVENTS_WRITE),
            needs(ANY, "/v1/audiences", Scope.AUDIENCES),
            needs(ANY, "/v1/models", Scope.MODELS),
            needs(ANY, "/v1/audit", Scope.ADMIN),
            open("/v2/health"),
            needs(ANY, "/v2", Scope.SCORES_READ, Scope.MODELS),
            open("/health"),
            anyKey("/metrics"),
            anyKey("/openapi.yml"),
            open("/console"));

    private static final Rule UNLISTED = needs(ANY, "", Scope.ADMIN);

    /** For a path that leads nowhere: whoever has a key may be told so. */
    private static final Rule NOWHERE = anyKey("");

    private static final List<Audited> AUDITED = List.of(
            new Audited("GET", "/v1/customers/{}/export", "customer.exported", "customer"),
            new Audited("GET", "/v1/customers/{}", "customer.read", "customer"),
            new Audited("GET", "/v1/customers/{}/features", "customer.read", "customer"),
            new Audited("DELETE", "/v1/customers/{}", "customer.erased", "customer"),
            new Audited("PUT", "/v1/models/{}/pin", "model.pinned", "model"),
            new Audited("DELETE", "/v1/models/{}/pin", "model.unpinned", "model"),
            new Audited("POST", "/v1/models/{}/rollback", "model.rolled_back", "model"),
            new Audited("PUT", "/v1/models/{}/challenger", "model.challenged", "model"),
            new Audited("DELETE", "/v1/models/{}/challenger", "model.unchallenged", "model"),
            new Audited("POST", "/v1/models/{}/challenger/promote", "model.promoted", "model"),
            new Audited("POST", "/v1/models/{}/promote", "model.promoted", "model"),
            new Audited("POST", "/v1/audiences", "audience.scored", "audience"),
            new Audited("DELETE", "/v1/audiences/{}", "audience.cancelled", "audience"),
            new Audited("GET", "/v1/audiences/{}/parts/{}", "audience.downloaded", "audience"));

    private AccessRules() {}

    /**
     * What a call needs.
     *
     * @param open whether it needs no key
     * @param anyOf one of these; none if any key will do
     */
    record Rule(String method, String prefix, boolean open, Set<Scope> anyOf) {

        boolean matches(String asked, String template) {
            return template.startsWith(prefix)
                    && (method.equals(ANY) || method.equals(asked))
                    && (template.length() == prefix.length() || "/{".indexOf(template.charAt(prefix.length())) >= 0);
        }
    }

    /**
     * A call that goes on record.
     *
     * @param template with {@code {}} for each variable
     * @param kind of what the first variable names
     */
    public record Audited(String method, String template, String action, String kind) {}

    private static Rule needs(String method, String prefix, Scope... anyOf) {
        return new Rule(method, prefix, false, Set.copyOf(EnumSet.copyOf(List.of(anyOf))));
    }

    private static Rule anyKey(String prefix) {
        return new Rule(ANY, prefix, false, Set.of());
    }

    private static Rule open(String prefix) {
        return new Rule(ANY, prefix, true, Set.of());
    }

    /**
     * The rule for a call.
     *
     * @param template null if there is no such route
     */
    static Rule of(String method, @Nullable String template) {
        if (template == null) {
            return NOWHERE;
        }
        String asked = method.equals("HEAD") ? "GET" : method;
        for (Rule rule : RULES) {
            if (rule.matches(asked, template)) {
                return rule;
            }
        }
        return UNLISTED;
    }

    /** Whether a route is on the list. */
    public static boolean knows(String method, String template) {
        return !of(method, template).equals(UNLISTED);
    }

    /** How a call is recorded; null if it is not. */
    public static @Nullable Audited audited(String method, String template) {
        if (!template.startsWith("/v1/")) {
            return null;
        }
        for (Audited audited : AUDITED) {
            if (audited.method().equals(method) && isShape(audited.template(), template)) {
                return audited;
            }
        }
        return null;
    }

    /** Whether a template is another one once the names and patterns of its variables are left out. */
    private static boolean isShape(String shape, String template) {
        int at = 0;
        for (int i = 0; i < template.length(); i++) {
            if (at >= shape.length() || shape.charAt(at) != template.charAt(i)) {
                return false;
            }
            at++;
            if (template.charAt(i) == '{') {
                int depth = 1;
                while (depth > 0 && ++i < template.length()) {
                    depth += template.charAt(i) == '{' ? 1 : template.charAt(i) == '}' ? -1 : 0;
                }
                i--;
            }
        }
        return at == shape.length();
    }
}
