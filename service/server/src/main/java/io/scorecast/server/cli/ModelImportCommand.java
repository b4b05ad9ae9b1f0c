package io.scorecast.server.cli;

import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.feature.VocabularyFiles;
import io.scorecast.engine.model.Checksums;
import io.scorecast.engine.model.ModelRepository;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.scorer.GateReport;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.engine.scorer.ScorerMetrics;
import io.scorecast.engine.scorer.ScorerSettings;
import io.scorecast.engine.scorer.VersionStatus;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Node;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./scorecast model import}. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes the next version of a model from a bare model file and a feature file, and checks it.",
            "The features are the model's columns: in the order in which the file names them, else in that of their"
                    + " definition. Without golden examples nothing proves that the scores are those of training;"
                    + " docs/models.md says how to add some."
        })
final class ModelImportCommand implements Callable<Integer> {

    private enum Kind {
        PROBABILITY,
        VALUE
    }

    @Parameters(paramLabel = "FILE", description = "The model: .ubj or .json of XGBoost, or .onnx.")
    private Path file;

    @Option(names = "--features", required = true, paramLabel = "FILE.yaml", description = "Its features.")
    private Path features;

    @Option(names = "--name", required = true, paramLabel = "M", description = "The model's name.")
    private String name;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            defaultValue = "${sys:scorecast.home:-.}/models",
            description = "The model repository. Default: models beside ./scorecast")
    private Path models;

    @Option(names = "--output", paramLabel = "NAME", description = "Names what it predicts. Default: the model's name")
    private @Nullable String output;

    @Option(names = "--kind", paramLabel = "KIND", description = "probability or value. Default: as the file says")
    private @Nullable Kind kind;

    @Option(
            names = "--column",
            paramLabel = "N",
            description = "Which number of the model's answer, from 0. Default: as the file says")
    private @Nullable Integer column;

    @Option(
            names = "--fallback",
            paramLabel = "X",
            description = "For customers whom it cannot score. Default: XGBoost's base score; for ONNX 0")
    private @Nullable Double fallback;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!ModelRepository.isModelName(name)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--name '" + name
                            + "': a model's name is made of a-z, 0-9, _ and -, begins with a letter, and is not 'policy'");
        }
        if (!Files.isRegularFile(file)) {
            throw new CommandFailure(file + ": no such file");
        }
        Set<String> vocabularies = new LinkedHashSet<>();
        FeatureSet set = readFeatures(vocabularies);
        ModelDraft draft = ModelDraft.read(file, set);
        Files.createDirectories(models);
        Path staging = Files.createTempDirectory(models, ".import-");
        try {
            int version = nextVersion();
            Path folder = Files.createDirectories(staging.resolve(name).resolve(Integer.toString(version)));
            fill(folder, draft, vocabularies);
            return check(folder, models.resolve(name).resolve(Integer.toString(version)));
        } finally {
            Scratch.delete(staging);
        }
    }

    private FeatureSet readFeatures(Set<String> vocabularies) throws IOException {
        Problems problems = new Problems();
        Path folder = features.toAbsolutePath().getParent();
        VocabularyFiles files = folder == null ? VocabularyFiles.NONE : VocabularyFiles.in(folder);
        FeatureSet set = FeatureSet.readFile(
                features.toString(),
                Files.readString(features),
                vocabulary -> {
                    vocabularies.add(vocabulary);
                    return files.read(vocabulary);
                },
                problems);
        problems.throwIfAny();
        return set;
    }

    private int nextVersion() {
        List<Path> versions = ModelRepository.list(models, new Problems()).getOrDefault(name, List.of());
        // From the highest down, and their names are numbers.
        return versions.isEmpty()
                ? 1
                : Integer.parseInt(versions.getFirst().getFileName().toString()) + 1;
    }

    private void fill(Path folder, ModelDraft draft, Set<String> vocabularies) throws IOException {
        Files.copy(file, folder.resolve(draft.file()));
        for (String vocabulary : vocabularies) {
            Files.copy(features.toAbsolutePath().resolveSibling(vocabulary), folder.resolve(vocabulary));
        }
        Files.writeString(folder.resolve("model.yaml"), manifest(draft) + definitions());
        Checksums.write(folder);
    }

    private String manifest(ModelDraft draft) {
        StringBuilder yaml = new StringBuilder();
        yaml.append("schema: 1\nname: ").append(name);
        yaml.append("\nruntime: ").append(draft.runtime());
        yaml.append("\nfile: ").append(draft.file()).append("\ninputs:\n");
        for (ModelDraft.Input input : draft.inputs()) {
            yaml.append("  - {name: ").append(quoted(input.name())).append(", features: [");
            yaml.append(String.join(", ", input.features())).append("]}\n");
        }
        boolean isProbability = kind == null ? draft.isProbability() : kind == Kind.PROBABILITY;
        yaml.append("outputs:\n  - name: ").append(output == null ? name.replace('-', '_') : output);
        yaml.append("\n    kind: ").append(isProbability ? "probability" : "value");
        if (!draft.tensor().isEmpty()) {
            yaml.append("\n    tensor: ").append(quoted(draft.tensor()));
        }
        yaml.append("\n    column: ").append(column == null ? draft.column() : column);
        yaml.append("\n    fallback: ").append(fallback(draft)).append('\n');
        return yaml.toString();
    }

    private double fallback(ModelDraft draft) {
        if (fallback != null) {
            return fallback;
        }
        if (!Double.isNaN(draft.fallback())) {
            return draft.fallback();
        }
        spec.commandLine()
                .getErr()
                .println("customers whom the model cannot score get 0; --fallback sets another number");
        return 0;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** The feature file's own nodes, so that no value changes on the way; its comments are lost. */
    private String definitions() throws IOException {
        Yaml yaml = new Yaml();
        Node root = yaml.compose(new StringReader(Files.readString(features)));
        StringWriter text = new StringWriter();
        yaml.serialize(root, text);
        String written = text.toString();
        return written.startsWith("{")
                ? written.strip().replaceFirst("^\\{", "").replaceFirst("}$", "\n")
                : written;
    }

    private int check(Path folder, Path target) throws IOException {
        ScorerLoader loader = new ScorerLoader(ScorerSettings.DEFAULT, ScorerMetrics.NOOP);
        GateReport report = loader.check(folder);
        GateReports.print(report, spec.commandLine().getOut());
        if (!report.passed()) {
            throw new CommandFailure(GateReports.refusal(report) + "; nothing was imported");
        }
        Files.createDirectories(target.getParent());
        Files.move(folder, target);
        spec.commandLine().getOut().println("imported as " + target);
        warnOfNames(loader, target);
        return 0;
    }

    /** Names are unique over the models that are live together, which only all of them together can tell. */
    private void warnOfNames(ScorerLoader loader, Path target) {
        ScorerLoader.Loaded loaded = loader.load(models);
        for (VersionStatus status : loaded.versions()) {
            if (status.path().equals(target) && status.state() == VersionStatus.State.REJECTED) {
                status.problems()
                        .forEach(problem ->
                                spec.commandLine().getErr().println("warning: it will not be served: " + problem));
            }
        }
        if (loaded.scorer() != null) {
            loaded.scorer().close();
        }
    }
}
