package io.scorecast.server.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.http.BasicHttpAttributes;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Times every request, by route template, so that no id gets into a metric. */
@ServerFilter("/**")
final class RequestMeters {

    private static final String START = "scorecast.start";
    private static final String UNKNOWN = "unknown";

    private final MeterRegistry registry;
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

    RequestMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    private record Series(String method, String route, int status) {}

    @RequestFilter
    void begin(HttpRequest<?> request) {
        request.setAttribute(START, System.nanoTime());
    }

    @ResponseFilter
    void end(HttpRequest<?> request, HttpResponse<?> response) {
        Long start = request.getAttribute(START, Long.class).orElse(null);
        if (start != null) {
            Series series = new Series(request.getMethodName(), route(request), response.code());
            timers.computeIfAbsent(series, this::timer).record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private static String route(HttpRequest<?> request) {
        return BasicHttpAttributes.getUriTemplate(request).orElse(UNKNOWN);
    }

    private Timer timer(Series series) {
        // Without the pattern that a variable has to match.
        String route = series.route().replaceAll(":[^}]+}", "}");
        // Methods that nobody knows must not make series without bound.
        return Timer.builder("scorecast.requests")
                .description("Time from a request's arrival to its response")
                .tag("method", series.route().equals(UNKNOWN) ? UNKNOWN : series.method())
                .tag("route", route)
                .tag("status", Integer.toString(series.status()))
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(50_000))
                .maximumExpectedValue(Duration.ofSeconds(10))
                .register(registry);
    }
}
