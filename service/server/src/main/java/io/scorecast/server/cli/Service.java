package io.scorecast.server.cli;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.scorecast.engine.model.UseCount;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.ProblemsException;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.server.inference.InferenceService;
import io.scorecast.server.inference.InferenceSettings;
import io.scorecast.server.ingest.Ingestor;
import io.scorecast.server.scoring.ScoreService;
import io.scorecast.server.scoring.ScoringMeters;
import io.scorecast.server.serving.LiveScorer;
import io.scorecast.server.serving.ModelManager;
import io.scorecast.server.serving.ModelSettings;
import io.scorecast.server.serving.ShadowScoring;
import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.RedisClients;
import io.scorecast.server.store.RedisStore;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A running service: Redis, the live Scorer, scoring and HTTP, put together by hand. HTTP answers as soon as it can, with
 * 503 until a Scorer is live. Closing stops in the opposite order, so that requests under way are answered.
 */
final class Service implements AutoCloseable {

    private static final String MAX_REQUEST = Integer.toString(64 << 20);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final LiveScorer live;
    private final ModelManager models;
    private final EmbeddedServer http;

    private Service(ServiceSettings settings, Clock clock) throws IOException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ScoringMeters meters = new ScoringMeters(registry);
        live = new LiveScorer();
        models = new ModelManager(
                settings.models(),
                new ScorerLoader(settings.scorer(), meters),
                live,
                settings.data().resolve("pins"),
                ModelSettings.standard(instanceName()),
                clock);
        CompletableFuture<Void> prepared = CompletableFuture.runAsync(models::prepare);
        boolean started = false;
        try {
            part(models);
            RedisStore store = part(RedisClients.open(redis(settings)));
            ScoreService scores = part(new ScoreService(
                    live, part(new ShadowScoring(live)), store, store, settings.scoring(), meters, clock));
            models.onSwap(scores::rewarm);
            InferenceService inference = part(new InferenceService(InferenceSettings.standard()));
            Ingestor ingestor = new Ingestor(store, scores::written);
            observe(registry, scores);
            ApplicationContext context = part(ApplicationContext.builder()
                    .deduceEnvironment(false)
                    .banner(false)
                    .singletons(registry, live, models, store, scores, inference, ingestor, clock)
                    .properties(properties(settings))
                    .build()
                    .start());
            http = context.getBean(EmbeddedServer.class).start();
            prepared.join();
            if (!models.start(store.control())) {
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
        return start(settings, Clock.systemUTC());
    }

    /** The same by a clock of the caller's. */
    static Service start(ServiceSettings settings, Clock clock) throws IOException {
        return new Service(settings, clock);
    }

    /** Host and process: enough for people to tell instances apart. */
    private static String instanceName() {
        String host;
        try {
            host = java.net.InetAddress.getLocalHost().getHostName();
        } catch (java.net.UnknownHostException e) {
            host = "localhost";
        }
        return host + ":" + ProcessHandle.current().pid();
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
        Gauge.builder("scorecast.models.open", UseCount::open)
                .description("Models and versions that are open; what never falls after swaps is a leak")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    private List<Problem> problems() {
        Problems problems = new Problems();
        models.report().problems().forEach(problems::add);
        models.report().versions().forEach(version -> version.problems().forEach(problems::add));
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
