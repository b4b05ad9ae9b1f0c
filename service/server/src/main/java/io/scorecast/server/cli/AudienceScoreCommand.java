package io.scorecast.server.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.ProblemsException;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.engine.scorer.ScorerMetrics;
import io.scorecast.engine.scorer.ScorerSettings;
import io.scorecast.server.audience.AudienceException;
import io.scorecast.server.audience.AudienceJob;
import io.scorecast.server.audience.AudienceRequest;
import io.scorecast.server.audience.AudienceTools;
import io.scorecast.server.audience.Customers;
import io.scorecast.server.audience.JobState;
import io.scorecast.server.audience.Output;
import io.scorecast.server.audience.PinnedScorers;
import io.scorecast.server.audience.Throttle;
import io.scorecast.server.catalogue.Catalogue;
import io.scorecast.server.serving.ScorerHandle;
import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.RedisStore;
import io.scorecast.server.store.StoreMeters;
import io.scorecast.server.store.StoreSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./scorecast audience score}: the job that {@code POST /v1/audiences} queues, run to its end. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Scores customers as of one instant and writes a row for each into the folder --out, with manifest.json"
                    + " and rejected.csv beside.",
            "Whole parts survive any kind of end: the same command with --resume goes on behind the last one."
        })
final class AudienceScoreCommand implements Callable<Integer> {

    @Option(
            names = "--ids",
            paramLabel = "FILE",
            description = "Ids: plain lines, CSV with a header, NDJSON, Parquet; gzip too.")
    private @Nullable Path ids;

    @Option(names = "--all", description = "Everybody who has a profile in Redis.")
    private boolean all;

    @Option(names = "--segment", paramLabel = "NAME", description = "Those for whom a segment of the policy holds.")
    private @Nullable String segment;

    @Option(
            names = "--events",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Event files, scored from them alone, without Redis.")
    private @Nullable List<Path> events;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the files go.")
    private Path out;

    @Option(
            names = "--where",
            paramLabel = "CEL",
            description = "Who is written: p_redeem_30d > 0.7 && \"loyal\" in segments")
    private @Nullable String where;

    @Option(names = "--top", paramLabel = "N", description = "Only the best so many by --by.")
    private @Nullable Integer top;

    @Option(names = "--by", paramLabel = "CEL", description = "A score, or any number in CEL.")
    private @Nullable String by;

    @Option(names = "--exclude", paramLabel = "FILE", description = "Ids that are left out.")
    private @Nullable Path exclude;

    @Option(
            names = "--format",
            paramLabel = "WORD",
            description = "csv, ndjson or parquet. Default: the preset's, else csv.")
    private @Nullable String format;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "braze, braze-cdi, hubspot, iterable, klaviyo, mailchimp, salesforce, or FILE.yaml.")
    private @Nullable String preset;

    @Option(names = "--columns", split = ",", paramLabel = "FIELD[=NAME]", description = "The fields to write.")
    private List<String> columns = List.of();

    @Option(names = "--gzip", description = "Packs each part.")
    private boolean gzip;

    @Option(names = "--rows-per-part", paramLabel = "N", description = "Default: the preset's limit, else 500,000.")
    private long rowsPerPart;

    @Option(names = "--bytes-per-part", paramLabel = "N", description = "Bytes of text, before they are packed.")
    private long bytesPerPart;

    @Option(
            names = "--at",
            paramLabel = "T",
            converter = InstantConverter.class,
            description = "The instant of all scores, RFC 3339. Default: now.")
    private @Nullable Long at;

    @Option(
            names = "--changed-since",
            paramLabel = "DIR",
            description = "Only what changed since the job in that folder.")
    private @Nullable Path changedSince;

    @Option(
            names = "--moved",
            paramLabel = "X",
            defaultValue = "0.05",
            description = "How far a score has to move: |new - old| > X * max(1, |old|).")
    private double moved;

    @Option(names = "--warm-cache", description = "Keeps the predictions in Redis for the requests that follow.")
    private boolean warmCache;

    @Option(names = "--resume", description = "Goes on with the job in --out.")
    private boolean resume;

    @Mixin
    private ScorerOptions scorerOptions;

    @Mixin
    private RedisOptions redis;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            defaultValue = "${sys:scorecast.home:-.}/models",
            description = "The model repository. Default: models beside ./scorecast")
    private Path models;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        AudienceRequest request = resume ? null : request();
        ScorerSettings settings = scorerOptions.settings();
        try (ScorerLoader loader = new ScorerLoader(settings, ScorerMetrics.NOOP)) {
            ScorerLoader.Loaded loaded = loader.load(models);
            Scorer scorer = loaded.scorer();
            if (scorer == null) {
                throw new ProblemsException(loaded.problems());
            }
            try (ScorerHandle handle = new ScorerHandle(scorer)) {
                PinnedScorers scorers = new PinnedScorers(() -> retained(handle), models, settings);
                return needsRedis() ? onRedis(request, scorers) : run(request, scorers, null);
            }
        } catch (AudienceException e) {
            throw new CommandFailure(e.detail());
        }
    }

    /** Event files are scored from them alone. */
    private boolean needsRedis() throws IOException {
        return resume ? AudienceJob.needsRedis(out) : events == null;
    }

    private int onRedis(@Nullable AudienceRequest request, PinnedScorers scorers)
            throws IOException, InterruptedException {
        StoreSettings settings = redis.store();
        if (!settings.redis().equals(ServiceSettings.EMBEDDED)) {
            return onRedis(request, scorers, settings);
        }
        try (EmbeddedRedis embedded = EmbeddedRedis.start(redis.data().resolve("redis"), redis.fsync())) {
            return onRedis(request, scorers, settings.at(embedded.url()));
        }
    }

    private int onRedis(@Nullable AudienceRequest request, PinnedScorers scorers, StoreSettings settings)
            throws IOException, InterruptedException {
        try (RedisStore store = RedisOptions.open(settings, new StoreMeters(new SimpleMeterRegistry()))) {
            store.ping();
            return run(request, scorers, store);
        }
    }

    private int run(@Nullable AudienceRequest request, PinnedScorers scorers, @Nullable RedisStore store)
            throws IOException, InterruptedException {
        AudienceTools tools = new AudienceTools(
                scorers,
                () -> store == null ? Catalogue.State.NONE : Catalogue.read(store.products()),
                store,
                store,
                Throttle.NONE,
                Clock.systemUTC());
        Path folder = out.toAbsolutePath().normalize();
        AudienceJob job = request == null
                ? AudienceJob.open(folder, tools)
                : AudienceJob.create(folder, String.valueOf(folder.getFileName()), request, tools);
        job.take();
        return run(job);
    }

    private static ScorerHandle retained(ScorerHandle handle) {
        if (!handle.retain()) {
            throw new IllegalStateException("the Scorer was closed while its job ran");
        }
        return handle;
    }

    private AudienceRequest request() {
        Output.Format wanted = format == null ? null : Output.Format.of(format);
        if (format != null && wanted == null) {
            throw wrong("--format: " + Nearest.message("format", format, Output.Format.WORDS));
        }
        if ((top == null) != (by == null)) {
            throw wrong("--top and --by belong together");
        }
        if (rowsPerPart < 0 || bytesPerPart < 0) {
            throw wrong("a part has more than nothing");
        }
        return new AudienceRequest(
                customers(),
                where,
                top == null || by == null ? null : new AudienceRequest.Top(top, by),
                existing("--exclude", exclude),
                new Output(wanted, preset, columns, gzip, rowsPerPart, bytesPerPart),
                changedSince == null ? null : new AudienceRequest.Since(changedSince.toAbsolutePath(), moved),
                warmCache,
                at);
    }

    private Customers customers() {
        int given = (ids == null ? 0 : 1) + (all ? 1 : 0) + (segment == null ? 0 : 1) + (events == null ? 0 : 1);
        if (given != 1) {
            throw wrong("one of --ids, --all, --segment and --events says whom to score");
        }
        if (ids != null) {
            Path file = existing("--ids", ids);
            return new Customers.Ids(file == null ? ids : file);
        }
        if (events != null) {
            return new Customers.Events(
                    events.stream().map(Path::toAbsolutePath).toList());
        }
        return segment == null ? new Customers.All() : new Customers.Segment(segment);
    }

    private @Nullable Path existing(String option, @Nullable Path file) {
        if (file != null && !Files.isRegularFile(file)) {
            throw new CommandFailure(option + ": " + file + ": no such file");
        }
        return file == null ? null : file.toAbsolutePath();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Runs the job here; a signal to end makes it stop where it is. */
    private int run(AudienceJob job) throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        CountDownLatch ended = new CountDownLatch(1);
        long start = System.nanoTime();
        Thread unused = Thread.ofPlatform().name("audience").start(() -> {
            try {
                JobState unusedState = job.run();
            } finally {
                ended.countDown();
            }
        });
        Thread stop = new Thread(() -> {
            job.halt();
            try {
                boolean unusedEnd = ended.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(stop);
        try (ProgressBar bar = new ProgressBar(err, "scoring")) {
            while (!ended.await(100, TimeUnit.MILLISECONDS)) {
                JobState state = job.state();
                bar.at(state.done(), state.total(), detail(state));
            }
        }
        JobState state = job.state();
        if (state.state() != JobState.State.DONE) {
            throw new CommandFailure(state.problem().isEmpty() ? "stopped; --resume goes on" : state.problem());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "%,d rows of %,d customers in %d parts, %,d rejected, in %.1f s: %s%n",
                        state.rows(),
                        state.total(),
                        state.parts().size(),
                        state.rejected(),
                        seconds,
                        job.folder());
        return 0;
    }

    private static String detail(JobState state) {
        return state.total() == 0
                ? "preparing"
                : String.format(
                        Locale.ROOT,
                        "%,d of %,d, %,.0f a second%s",
                        state.done(),
                        state.total(),
                        state.rate(),
                        state.secondsLeft() < 0
                                ? ""
                                : String.format(Locale.ROOT, ", %.0f s left", state.secondsLeft()));
    }
}
