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
import io.scorecast.engine.scorer.Verdicts;
import io.scorecast.server.audience.AudienceJobs;
import io.scorecast.server.audience.AudienceTools;
import io.scorecast.server.audience.JobState;
import io.scorecast.server.audience.PinnedScorers;
import io.scorecast.server.audience.Throttle;
import io.scorecast.server.catalogue.Catalogue;
import io.scorecast.server.inference.InferenceService;
import io.scorecast.server.inference.InferenceSettings;
import io.scorecast.server.ingest.Ingestor;
import io.scorecast.server.scoring.Erasure;
import io.scorecast.server.scoring.ScoreService;
import io.scorecast.server.scoring.ScoringMeters;
import io.scorecast.server.security.AccessControl;
import io.scorecast.server.security.AuditLog;
import io.scorecast.server.security.KeyRing;
import io.scorecast.server.security.ModelAudit;
import io.scorecast.server.serving.LiveScorer;
import io.scorecast.server.serving.ModelManager;
import io.scorecast.server.serving.ModelSettings;
import io.scorecast.server.serving.ScorerHandle;
import io.scorecast.server.serving.ServingPace;
import io.scorecast.server.serving.ShadowScoring;
import io.scorecast.server.serving.VerdictFolder;
import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.RedisStore;
import io.scorecast.server.store.StoreMeters;
import io.scorecast.server.store.StoreSettings;
import io.scorecast.server.store.StoreUnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running service: Redis, the live Scorer, scoring and HTTP, put together by hand. HTTP answers as soon as it can, with
 * 503 until a Scorer is live. Closing stops in the opposite order, so that requests under way are answered.
 */
final class Service implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final LiveScorer live;
    private final ModelManager models;
    private final Ingestor ingestor;
    private final URI redis;
    private final EmbeddedServer http;

    private Service(ServiceSettings settings, Clock clock) throws IOException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ScoringMeters meters = new ScoringMeters(registry);
        live = new LiveScorer();
        ServingPace pace = new ServingPace();
        models = new ModelManager(
                settings.models(),
                new ScorerLoader(settings.scorer(), meters, pace, verdicts(settings)),
                live,
                settings.data().resolve("pins"),
                ModelSettings.standard(instanceName()),
                clock);
        CompletableFuture<Void> prepared = CompletableFuture.runAsync(models::prepare);
        boolean started = false;
        try {
            part(models);
            StoreSettings kept = kept(settings);
            redis = kept.redis();
            RedisStore store = part(RedisOptions.open(kept, new StoreMeters(registry)));
            check(store);
            Catalogue catalogue = part(new Catalogue(store.products(), store.control()));
            ScoreService scores = part(new ScoreService(
                    live,
                    catalogue::now,
                    part(new ShadowScoring(live)),
                    store,
                    store,
                    settings.scoring(),
                    meters,
                    clock));
            models.onSwap(scores::rewarm);
            InferenceService inference = part(new InferenceService(InferenceSettings.standard()));
            ingestor = new Ingestor(store, scores::written, settings.privacy().attributes());
            observe(registry, scores);
            AuditLog audit = part(new AuditLog(
                    store.audit(), instanceName(), settings.access().auditKey(), clock));
            audit.start();
            models.onReport(new ModelAudit(audit));
            AccessControl access = guard(settings, store, clock);
            AudienceJobs audiences = part(audiences(settings, store, catalogue, scores, meters, clock));
            Erasure erasure = new Erasure(store, store, live, scores::written, audiences::erase, catalogue::now, clock);
            observe(registry, audiences);
            if (settings.privacy().retention() != null) {
                part(Keeping.start(settings, store, scores, audiences, audit, registry, clock));
            }
            ApplicationContext context = part(ApplicationContext.builder()
                    .deduceEnvironment(false)
                    .banner(false)
                    .singletons(
                            registry,
                            live,
                            models,
                            store,
                            scores,
                            settings.scoring(),
                            inference,
                            ingestor,
                            audiences,
                            erasure,
                            catalogue,
                            clock,
                            access,
                            audit)
                    .properties(HttpServer.properties(settings))
                    .build()
                    .start());
            http = HttpServer.listen(context, settings);
            parts.push(() -> HttpServer.finish(http));
            prepared.join();
            if (!models.start(store.control())) {
                throw new ProblemsException(problems());
            }
            pace.serving();
            audiences.start();
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

    private static Verdicts verdicts(ServiceSettings settings) {
        return new VerdictFolder(settings.data().resolve("verdicts"), ScorerLoader.engine(settings.scorer()));
    }

    /** Host and process: enough for people to tell instances apart. */
    static String instanceName() {
        String host;
        try {
            host = java.net.InetAddress.getLocalHost().getHostName();
        } catch (java.net.UnknownHostException e) {
            host = "localhost";
        }
        return host + ":" + ProcessHandle.current().pid();
    }

    private StoreSettings kept(ServiceSettings settings) throws IOException {
        StoreSettings store = settings.store();
        if (store.redis().equals(ServiceSettings.EMBEDDED)) {
            EmbeddedRedis redis = part(EmbeddedRedis.start(settings.data().resolve("redis"), settings.fsync()));
            if (!redis.isOwn()) {
                // It would end with the other service; those that share a Redis name one.
                throw new IOException("another Scorecast runs on the data folder " + settings.data()
                        + "; stop it, name another folder with --data, or one Redis for both with --redis-url");
            }
            store = store.at(redis.url());
        }
        return store;
    }

    /** A Redis that cannot be reached yet is no reason not to start: answers are fallbacks until it can be. */
    private static void check(RedisStore store) throws IOException {
        try {
            String danger = store.dangerOfEviction();
            if (danger != null) {
                throw new IOException(danger);
            }
        } catch (StoreUnavailableException e) {
            LOG.warn("Redis cannot be reached yet; until it can, answers are not personal. {}", e.getMessage());
        }
    }

    /** Refuses to stand open to a network: where others can reach it, somebody must have a key. */
    private AccessControl guard(ServiceSettings settings, RedisStore store, Clock clock) throws IOException {
        KeyRing keys = part(new KeyRing(store.control(), settings.data().resolve("keys"), clock));
        keys.start();
        AccessSettings asked = settings.access();
        AccessControl access = new AccessControl(keys, asked.auth(), AccessSettings.isLoopback(settings.host()));
        if (access.isShut()) {
            String where = settings.store().redis().equals(ServiceSettings.EMBEDDED)
                    ? " --data " + settings.data()
                    : " with the same --redis-url";
            throw new IOException("callers need a key on " + settings.host() + ", and there is none; make one:"
                    + " ./scorecast key create --scope scores:read" + where + " (--auth off does without)");
        }
        if (!access.isEnforced() && !AccessSettings.isLoopback(settings.host())) {
            LOG.warn("Whoever reaches {} may read and change everything: --auth is off", settings.host());
        }
        return access;
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

    private AudienceJobs audiences(
            ServiceSettings settings,
            RedisStore store,
            Catalogue catalogue,
            ScoreService scores,
            ScoringMeters meters,
            Clock clock) {
        Throttle throttle = new Throttle(
                scores::queued, meters::answers, Runtime.getRuntime().availableProcessors());
        return new AudienceJobs(
                settings.audiences(),
                new AudienceTools(
                        new PinnedScorers(live::acquire, settings.models(), settings.scorer()),
                        catalogue::renewed,
                        store,
                        store,
                        throttle,
                        clock));
    }

    private static void observe(PrometheusMeterRegistry registry, AudienceJobs audiences) {
        for (JobState.State state : JobState.State.values()) {
            Gauge.builder("scorecast.audience.jobs", audiences, jobs -> jobs.count(state))
                    .description("Audience jobs by state")
                    .tag("state", state.word())
                    .register(registry);
        }
        Gauge.builder("scorecast.audience.rate", audiences, AudienceJobs::rate)
                .description("Customers that audience jobs score a second")
                .register(registry);
        Gauge.builder("scorecast.audience.left", audiences, AudienceJobs::left)
                .description("Customers that running audience jobs have still to score")
                .register(registry);
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

    /** The Redis that it uses. */
    URI redis() {
        return redis;
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

    /** Waits until the process is told to stop, and then stops: to end so is no failure, so the exit code is 0. */
    void awaitStop() throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        new CountDownLatch(1).await();
    }

    private void stop() {
        close();
        // Java's own code for the end by a signal is 143, whatever the hooks do.
        Runtime.getRuntime().halt(0);
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
                LOG.warn("A part did not stop cleanly", e);
            }
        }
    }
}
