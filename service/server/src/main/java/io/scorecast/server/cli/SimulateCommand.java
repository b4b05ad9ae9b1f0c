package io.scorecast.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.ProblemsException;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.engine.scorer.ScorerMetrics;
import io.scorecast.engine.scorer.ScorerSettings;
import io.scorecast.server.audience.AudienceException;
import io.scorecast.server.audience.Customers;
import io.scorecast.server.audience.Simulation;
import io.scorecast.server.audience.SimulationResult;
import io.scorecast.server.store.RedisStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./scorecast simulate}. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Says what a policy would assign, beside the one that the repository serves: the size of each segment and"
                    + " decision, which segments overlap, who moves where, and which rules make no difference.",
            "Nothing is changed: neither profiles nor the repository."
        })
final class SimulateCommand implements Callable<Integer> {

    @Option(
            names = "--policy",
            required = true,
            paramLabel = "FILE",
            description = "The policy to try: policy.yaml, or a version's folder.")
    private Path policy;

    @Option(
            names = "--events",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Event files: the customers in them, from them alone, without Redis.")
    private @Nullable List<Path> events;

    @Option(names = "--live", description = "Everybody who has a profile in Redis.")
    private boolean live;

    @Option(
            names = "--at",
            paramLabel = "T",
            converter = InstantConverter.class,
            description = "The instant, RFC 3339. Default: now.")
    private @Nullable Long at;

    @Option(names = "--json", description = "Writes what was found as JSON.")
    private boolean json;

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
        if (live == (events != null)) {
            throw new ParameterException(spec.commandLine(), "one of --events and --live says over whom");
        }
        Path scratch = Files.createTempDirectory("scorecast-simulate");
        ScorerSettings settings = scorerOptions.settings();
        try (ScorerLoader loader = new ScorerLoader(settings, ScorerMetrics.NOOP)) {
            ScorerLoader.Loaded loaded = loader.load(models);
            try (Scorer now = loaded.scorer()) {
                if (now == null) {
                    throw new ProblemsException(loaded.problems());
                }
                try (Scorer then = other(loader, now, scratch)) {
                    SimulationResult result = run(new Simulation(now, then, instant()), scratch);
                    print(result);
                }
            }
            return 0;
        } catch (AudienceException e) {
            throw new CommandFailure(e.detail());
        } finally {
            Scratch.delete(scratch);
        }
    }

    private long instant() {
        Long chosen = at;
        return chosen == null ? System.currentTimeMillis() : chosen;
    }

    /** The same models with the policy to try, as the next version of it. */
    private Scorer other(ScorerLoader loader, Scorer now, Path scratch) throws IOException {
        int version = 1 + now.schema().versions().getOrDefault(ScorerLoader.POLICY, 0);
        PolicyDraft.write(policy, scratch.resolve(ScorerLoader.POLICY).resolve(Integer.toString(version)));
        Problems problems = new Problems();
        Scorer then = loader.variant(scratch, now, ScorerLoader.POLICY, version, problems);
        if (then == null) {
            throw new ProblemsException(problems.list());
        }
        return then;
    }

    private SimulationResult run(Simulation simulation, Path scratch) throws IOException, InterruptedException {
        List<Path> files = events;
        return files == null
                ? redis.use(store -> run(simulation, new Customers.All(), store, scratch))
                : run(simulation, new Customers.Events(files), null, scratch);
    }

    private SimulationResult run(Simulation simulation, Customers customers, @Nullable RedisStore store, Path scratch)
            throws IOException {
        long[] total = {0};
        try (ProgressBar bar = new ProgressBar(spec.commandLine().getErr(), "simulating")) {
            return simulation.run(customers, store, scratch, done -> {
                if (done < 0) {
                    total[0] = -done;
                } else {
                    bar.at(done, total[0]);
                }
            });
        }
    }

    private void print(SimulationResult result) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            try (JsonGenerator generator = new JsonFactory().createGenerator(out)) {
                generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
                SimulationReport.write(result, generator);
            }
            out.println();
        } else {
            SimulationReport.print(result, out);
        }
    }
}
