package io.scorecast.server.cli;

import io.scorecast.engine.event.ArrivalRule;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.feature.VocabularyFiles;
import io.scorecast.engine.pair.PairSet;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.server.audience.SpoolBuilder;
import io.scorecast.server.audience.SpoolReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code scorecast features}: the training set, computed by the engine that serves. */
@Command(
        name = "features",
        mixinStandardHelpOptions = true,
        description = {
            "Computes features from event files, as of one or more instants.",
            "Writes a row for each customer with an event at or before the instant: customer_id, at, then the"
                    + " features in the order of their definition (a vector as name_0, name_1, ...). A missing"
                    + " number is an empty cell or null.",
            "With candidates and pairs in the file, a row for each candidate instead: customer_id, at, list, item, then"
                    + " the features of the pair, then those of the customer.",
            "Rows that cannot be read are listed with their line and left out; the exit code is then 1."
        })
final class FeaturesCommand implements Callable<Integer> {

    private static final int CUSTOMERS_A_TASK = 32;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--events",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Event files: NDJSON, a JSON array, CSV or Parquet; gzip too.")
    private List<Path> events;

    @Option(names = "--features", required = true, paramLabel = "FILE.yaml", description = "Feature definitions.")
    private Path features;

    @Option(
            names = "--at",
            required = true,
            split = ",",
            paramLabel = "T",
            converter = InstantConverter.class,
            description = "Instants, RFC 3339: 2026-11-01T00:00:00Z.")
    private List<Long> at;

    @Option(names = "--as-known", description = "Leave out events that arrived only after the instant.")
    private boolean asKnown;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "FILE.parquet or FILE.csv.")
    private Path out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean isParquet = isParquet();
        PrintWriter err = spec.commandLine().getErr();
        PairSet.Declared declared = readFeatures();
        // Beside the table: there is room for it, and memory is no disk everywhere that /tmp is.
        Path folder = out.toAbsolutePath().getParent();
        Path scratch = Files.createTempDirectory(folder, ".features");
        try {
            return compute(declared, isParquet, scratch.resolve("customers"), err);
        } finally {
            Scratch.delete(scratch);
        }
    }

    private int compute(PairSet.Declared declared, boolean isParquet, Path spool, PrintWriter err)
            throws IOException, InterruptedException {
        BadRows bad = BadRows.open(err, null);
        long customers = spool(spool, bad, err);
        if (customers == 0) {
            throw new CommandFailure("no event could be read");
        }
        FeatureColumns columns = FeatureColumns.of(declared.features(), declared.pairs());
        FeatureComputation computation = new FeatureComputation(
                declared.features(),
                declared.pairs(),
                columns,
                at.stream().distinct().toList(),
                asKnown);
        Path partial = out.resolveSibling(out.getFileName() + ".part");
        try {
            try (FeatureTable table = FeatureTable.create(partial, isParquet, columns)) {
                compute(computation, spool, customers, table, err);
                table.finish();
            }
            Files.move(partial, out, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
        bad.summarise(spec.qualifiedName());
        return bad.count() == 0 ? 0 : 1;
    }

    private boolean isParquet() {
        String name = out.getFileName().toString();
        if (!name.endsWith(".parquet") && !name.endsWith(".csv")) {
            throw new ParameterException(spec.commandLine(), "--out must end in .parquet or .csv, not '" + name + "'");
        }
        return name.endsWith(".parquet");
    }

    private PairSet.Declared readFeatures() throws IOException {
        Problems problems = new Problems();
        Path folder = features.toAbsolutePath().getParent();
        PairSet.Declared declared = PairSet.readFile(
                features.toString(),
                Files.readString(features),
                folder == null ? VocabularyFiles.NONE : VocabularyFiles.in(folder),
                problems);
        problems.throwIfAny();
        return declared;
    }

    /** Sorts the events by customer, in memory as long as they fit there, else on disk. */
    private long spool(Path target, BadRows bad, PrintWriter err) throws IOException {
        try (SpoolBuilder builder = new SpoolBuilder(target, SpoolBuilder.standardBudget())) {
            EventFiles.open(events, "reading events", err)
                    .read(ArrivalRule.OWN_OR_TIME, System.currentTimeMillis(), bad, (event, arrival, row) -> {
                        try {
                            builder.add(event.customer().value(), ProfileLog.event(event, arrival));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
            return builder.finish(() -> false);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Computes on all cores and writes in the customers' order, with a bounded number of finished rows waiting. */
    private static void compute(
            FeatureComputation computation, Path spool, long customers, FeatureTable table, PrintWriter err)
            throws IOException, InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        Queue<Future<FeatureRows>> running = new ArrayDeque<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(cores);
                SpoolReader reader = new SpoolReader(spool, 0);
                ProgressBar bar = new ProgressBar(err, "computing features")) {
            long done = 0;
            for (List<CustomerLog> some = next(reader); !some.isEmpty(); some = next(reader)) {
                List<CustomerLog> logs = some;
                running.add(workers.submit(() -> computation.rows(logs)));
                done += logs.size();
                if (running.size() > 4 * cores) {
                    table.write(result(running.remove()));
                    bar.at(done, customers);
                }
            }
            while (!running.isEmpty()) {
                table.write(result(running.remove()));
            }
        }
    }

    private static List<CustomerLog> next(SpoolReader reader) throws IOException {
        List<CustomerLog> logs = new ArrayList<>(CUSTOMERS_A_TASK);
        while (logs.size() < CUSTOMERS_A_TASK && reader.next()) {
            logs.add(new CustomerLog(CustomerId.of(reader.id()), reader.log()));
        }
        return logs;
    }

    private static FeatureRows result(Future<FeatureRows> rows) throws InterruptedException {
        try {
            return rows.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("computing features failed", e.getCause());
        }
    }
}
