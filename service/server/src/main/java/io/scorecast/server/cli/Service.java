package io.scorecast.server.cli;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.runtime.server.EmbeddedServer;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.ProblemsException;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.server.ingest.Ingestor;
import io.scorecast.server.scoring.ScoreService;
import io.scorecast.server.scoring.ScorerHandle;
import io.scorecast.server.scoring.ScoringMeters;
import io.scorecast.server.serving.LiveScorer;
import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.RedisStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * A running service: Redis, the live Scorer, scoring and HTTP, put together by hand. HTTP answers as soon as it can, with
 * 503 until a Scorer is live. Closing stops in the opposite order, so that requests under way are answered.
 */
final class Service implements AutoCloseable {

    private static final String MAX_REQUEST = Integer.toString(64 << 20);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final LiveScorer live;
    private final Ingestor ingestor;
    private final EmbeddedServer http;

    private Service(ServiceSettings settings) throws IOException {
        Clock clock = Clock.systemUTC();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ScoringMeters meters = new ScoringMeters(registry);
        live = new LiveScorer(settings.models(), new ScorerLoader(settings.scorer(), meters), clock);
        CompletableFuture<Boolean> loaded = CompletableFuture.supplyAsync(live::load);
        boolean started = false;
        try {
            part(live);
            RedisStore store = part(RedisOptions.open(redis(settings)));
            ScoreService scores = part(new ScoreService(live, store, store, settings.scoring(), meters, clock));
            ingestor = new Ingestor(store, scores::written);
            observe(registry, scores);
            ApplicationContext context = part(ApplicationContext.builder()
                    .deduceEnvironment(false)
                    .banner(false)
                    .singletons(registry, live, store, scores, ingestor, clock)
                    .properties(properties(settings))
                    .build()
                    .start());
            http = listen(context, settings);
            if (!loaded.join()) {
                throw new ProblemsException(problems());
            }
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    /**
     * Starts one, and waits until it is ready.
     *
     * @throws ProblemsException if the repository has nothing that can be served
     * @throws IOException if the embedded Redis cannot be started
     */
    static Service start(ServiceSettings settings) throws IOException {
        return new Service(settings);
    }

    private static EmbeddedServer listen(ApplicationContext context, ServiceSettings settings) throws IOException {
        try {
            return context.getBean(EmbeddedServer.class).start();
        } catch (ServerStartupException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException || cause instanceof UnresolvedAddressException) {
                    throw new IOException(
                            "cannot listen on " + settings.host() + " port " + settings.port() + ": "
                                    + (cause instanceof BindException ? cause.getMessage() : "no such address")
                                    + "; --port takes another port, 0 any free one",
                            e);
                }
            }
            throw e;
        }
    }

    private URI redis(ServiceSettings settings) throws IOException {
        URI url = settings.redis();
        return url == null
                ? part(EmbeddedRedis.start(settings.data().resolve("redis"))).url()
                : url;
    }

    private static Map<String, Object> properties(ServiceSettings settings) {
        return Map.of(
                "micronaut.application.name",
                "scorecast",
                "micronaut.server.host",
                settings.host(),
                "micronaut.server.port",
                settings.port() == 0 ? -1 : settings.port(),
                "micronaut.server.max-request-size",
                MAX_REQUEST,
                "micronaut.server.netty.compression-threshold",
                -1);
    }

    private static void observe(PrometheusMeterRegistry registry, ScoreService scores) {
        Gauge.builder("scorecast.queue", scores, ScoreService::queued)
                .description("Requests waiting for a thread")
                .register(registry);
        Gauge.builder("scorecast.cache.near.entries", scores, ScoreService::nearEntries)
                .description("Answers in the near cache")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    private List<Problem> problems() {
        Problems problems = new Problems();
        live.report().problems().forEach(problems::add);
        live.report().versions().forEach(version -> version.problems().forEach(problems::add));
        return problems.list();
    }

    private <T extends AutoCloseable> T part(T started) {
        parts.push(started);
        return started;
    }

    /** Where it listens. */
    URI url() {
        return http.getURI();
    }

    LiveScorer live() {
        return live;
    }

    Ingestor ingestor() {
        return ingestor;
    }

    /** Says how long it took from the start of the process, where it listens, and what it serves. */
    void announce(PrintWriter out) {
        out.printf(
                "Ready in %.1f s at %s, serving %s%n",
                (System.currentTimeMillis() - startOfProcess()) / 1e3, url(), versions());
    }

    /** Waits until the process is told to stop, and then stops. */
    void awaitStop() throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop"));
        new CountDownLatch(1).await();
    }

    private String versions() {
        try (ScorerHandle handle = live.acquire()) {
            Map<String, Integer> versions = handle.scorer().schema().versions();
            return versions.entrySet().stream()
                    .map(version -> version.getKey() + " " + version.getValue())
                    .collect(Collectors.joining(", "));
        }
    }

    /** Of the launcher, in whose place Java runs: building and all is what a user waits for. */
    private static long startOfProcess() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(java.time.Instant::toEpochMilli)
                .orElseGet(System::currentTimeMillis);
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                org.slf4j.LoggerFactory.getLogger(Service.class).warn("A part did not stop cleanly", e);
            }
        }
    }
}
