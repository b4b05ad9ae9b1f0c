package io.scorecast.server.api;

import io.micronaut.core.annotation.Order;
import io.micronaut.http.BasicHttpAttributes;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.InvalidEventException;
import io.scorecast.server.security.Access;
import io.scorecast.server.security.AccessControl;
import io.scorecast.server.security.AccessRules;
import io.scorecast.server.security.AccessRules.Audited;
import io.scorecast.server.security.AccessRules.Plan;
import io.scorecast.server.security.AuditLog;
import io.scorecast.server.security.Call;
import io.scorecast.server.security.SignedToken;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who may, and puts on record what must be. Stands behind the meters, so that refusals are counted too. Where nobody
 * needs a key a request costs a look into a map.
 */
@ServerFilter("/**")
@Order(100)
final class AccessFilter {

    private static final String WHO = "scorecast.who";
    private static final String DETAIL = "scorecast.audit-detail";
    private static final String KEY_HEADER = "X-Api-Key";
    private static final String CHALLENGE = "Bearer realm=\"scorecast\", Basic realm=\"scorecast\", charset=\"UTF-8\"";
    private static final String RETRY_AFTER = "2";
    private static final int FIRST_ERROR = 400;

    private final AccessControl access;
    private final AuditLog audit;

    AccessFilter(AccessControl access, AuditLog audit) {
        this.access = access;
        this.audit = audit;
    }

    /** Says more of a request than its path does, for the audit record. */
    static void detail(HttpRequest<?> request, String text) {
        request.setAttribute(DETAIL, text);
    }

    @RequestFilter
    @Nullable
    HttpResponse<?> admit(HttpRequest<?> request) {
        Plan plan = plan(request);
        if (plan.audited() == null && !access.needsKey(plan.rule())) {
            return null;
        }
        return switch (access.check(new RequestCall(request), plan.rule())) {
            case Access.Granted granted -> plan.audited() == null ? null : admitted(request, granted);
            case Access.Unauthenticated refused ->
                Problem.of(HttpStatus.UNAUTHORIZED, refused.detail())
                        .response()
                        .header(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
            case Access.Forbidden refused ->
                Problem.of(HttpStatus.FORBIDDEN, refused.detail()).response();
            case Access.TooMany refused ->
                Problem.of(HttpStatus.TOO_MANY_REQUESTS, refused.detail())
                        .response()
                        .header(HttpHeaders.RETRY_AFTER, Long.toString(refused.retryAfterSeconds()));
            case Access.Unknown refused -> unavailable(refused.detail());
        };
    }

    private @Nullable HttpResponse<?> admitted(HttpRequest<?> request, Access.Granted granted) {
        if (!audit.hasRoom()) {
            return unavailable("the audit record cannot be written");
        }
        request.setAttribute(WHO, granted.who());
        return null;
    }

    private static MutableHttpResponse<byte[]> unavailable(String detail) {
        return Problem.of(HttpStatus.SERVICE_UNAVAILABLE, detail)
                .response()
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
    }

    @ResponseFilter
    void record(HttpRequest<?> request, HttpResponse<?> response) {
        Audited audited = plan(request).audited();
        if (audited == null) {
            return;
        }
        String who = request.getAttribute(WHO, String.class).orElse(null);
        if (who == null) {
            return;
        }
        String outcome = response.code() < FIRST_ERROR ? "done" : "refused with " + response.code();
        String detail = request.getAttribute(DETAIL, String.class).orElse("");
        String variable = firstVariable(request.getUri().getRawPath(), audited.template());
        if (audited.kind().equals("customer")) {
            CustomerId customer = customer(variable);
            if (customer != null) {
                audit.recordCustomer(who, audited.action(), customer, outcome, detail);
            }
        } else {
            // A name that was not found may be anything, an id too.
            boolean found = response.code() < FIRST_ERROR || response.code() == HttpStatus.CONFLICT.getCode();
            audit.record(who, audited.action(), found ? variable : "", outcome, detail);
        }
    }

    /** What stands in a raw path where the template has its first variable; empty if it has none. */
    static String firstVariable(String rawPath, String template) {
        int from = template.indexOf('{');
        if (from < 0 || from >= rawPath.length()) {
            return "";
        }
        int end = rawPath.indexOf('/', from);
        return rawPath.substring(from, end < 0 ? rawPath.length() : end);
    }

    private static @Nullable CustomerId customer(String raw) {
        try {
            return CustomerId.of(RawPath.decode(raw));
        } catch (ApiException | InvalidEventException e) {
            return null;
        }
    }

    private static Plan plan(HttpRequest<?> request) {
        return AccessRules.of(
                request.getMethodName(),
                BasicHttpAttributes.getUriTemplate(request).orElse(null));
    }

    /** A request as the rules see it. */
    private record RequestCall(HttpRequest<?> request) implements Call {

        @Override
        public String method() {
            return request.getMethodName();
        }

        @Override
        public String rawPath() {
            return request.getUri().getRawPath();
        }

        @Override
        public @Nullable String authorization() {
            return request.getHeaders().get(HttpHeaders.AUTHORIZATION);
        }

        @Override
        public @Nullable String keyHeader() {
            return request.getHeaders().get(KEY_HEADER);
        }

        @Override
        public Set<String> parameters() {
            return request.getParameters().names();
        }

        @Override
        public @Nullable String token() {
            return request.getParameters().get(SignedToken.PARAMETER);
        }
    }
}
