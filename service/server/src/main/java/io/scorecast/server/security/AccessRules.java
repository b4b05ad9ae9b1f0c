package io.scorecast.server.security;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What each call needs, and which calls are on the audit record: the one place where it is written. Calls are told apart by
 * method and route template, the router's own reading of a path, so that no spelling of a path can be read one way here and
 * another way there. A route that nobody has put on this list needs {@code admin}.
 */
public final class AccessRules {

    private static final String ANY = "*";
    private static final Pattern VARIABLE = Pattern.compile("\\{[^{}]*}");

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
            anyKey("/openapi.yml"));

    private static final Rule UNLISTED = needs(ANY, "", Scope.ADMIN);

    /** For a path that leads nowhere: whoever has a key may be told so. */
    private static final Rule NOWHERE = anyKey("");

    private static final List<Audited> AUDITED = List.of(
            new Audited("GET", "/v1/customers/{}/export", "customer.exported", "customer"),
            new Audited("GET", "/v1/customers/{}", "customer.read", "customer"),
            new Audited("GET", "/v1/customers/{}/features", "customer.read", "customer"),
            new Audited("DELETE", "/v1/customers/{}", ErasureReceipts.ACTION, "customer"),
            new Audited("PUT", "/v1/models/{}/pin", "model.pinned", "model"),
            new Audited("DELETE", "/v1/models/{}/pin", "model.unpinned", "model"),
            new Audited("POST", "/v1/models/{}/rollback", "model.rolled_back", "model"),
            new Audited("PUT", "/v1/models/{}/challenger", "model.challenged", "model"),
            new Audited("DELETE", "/v1/models/{}/challenger", "model.unchallenged", "model"),
            new Audited("POST", "/v1/models/{}/challenger/promote", "model.promoted", "model"),
            new Audited("POST", "/v1/audiences", "audience.scored", "audience"),
            new Audited("DELETE", "/v1/audiences/{}", "audience.cancelled", "audience"),
            new Audited("GET", "/v1/audiences/{}/parts/{}", "audience.downloaded", "audience"));

    private static final Map<Route, Plan> PLANS = new ConcurrentHashMap<>();

    private AccessRules() {}

    private record Route(String method, String template) {}

    /**
     * All that is written of a route.
     *
     * @param audited null if it is not recorded
     */
    public record Plan(Rule rule, @Nullable Audited audited) {}

    private static final Plan NO_ROUTE = new Plan(NOWHERE, null);

    /**
     * What a call needs.
     *
     * @param open whether it needs no key
     * @param anyOf one of these; none if any key will do
     */
    public record Rule(String method, String prefix, boolean open, Set<Scope> anyOf) {

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
     * What is written of a call. Looked up in the list once for a route, of which there are few.
     *
     * @param template null if there is no such route
     */
    public static Plan of(String method, @Nullable String template) {
        return template == null ? NO_ROUTE : PLANS.computeIfAbsent(new Route(method, template), AccessRules::plan);
    }

    private static Plan plan(Route route) {
        // Whoever may read may ask for the headers alone.
        String method = route.method().equals("HEAD") ? "GET" : route.method();
        for (Rule rule : RULES) {
            if (rule.matches(method, route.template())) {
                return new Plan(rule, audited(method, route.template()));
            }
        }
        return new Plan(UNLISTED, null);
    }

    /** Whether a route is on the list. */
    public static boolean knows(String method, String template) {
        return !of(method, template).rule().equals(UNLISTED);
    }

    private static @Nullable Audited audited(String method, String template) {
        String bare = VARIABLE.matcher(template).replaceAll("{}");
        for (Audited audited : AUDITED) {
            if (audited.method().equals(method) && audited.template().equals(bare)) {
                return audited;
            }
        }
        return null;
    }
}
