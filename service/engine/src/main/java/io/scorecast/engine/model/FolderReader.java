package io.scorecast.engine.model;

import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.feature.FeatureType;
import io.scorecast.engine.feature.VocabularyFiles;
import io.scorecast.engine.pair.PairSet;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a version's folder step by step: {@link #hashes}, {@link #manifest}, {@link #features}, in that order. A step runs
 * though an earlier one found something, as far as it does not need what that one found.
 */
public final class FolderReader {

    private final Path path;
    private final Pace pace;
    private final Problems problems;
    private final String source;
    private final FolderFiles files;
    private final Checksums checksums;
    private int version;
    private @Nullable Manifest manifest;
    private @Nullable ModelFolder folder;

    public FolderReader(Path path, Pace pace, Problems problems) {
        this.path = path;
        this.pace = pace;
        this.problems = problems;
        this.source = VersionFolder.sourceOf(path);
        this.files = new FolderFiles(path);
        this.checksums = new Checksums(path, pace, source, problems);
    }

    /** How problems name the folder: {@code model/version}. */
    public String source() {
        return source;
    }

    /** The folder's files. */
    public FolderFiles files() {
        return files;
    }

    /** SHA-256 of SHA256SUMS once the hashes were read; empty if they could not be. */
    public String checksum() {
        return checksums.checksum();
    }

    /** Whether there is a folder; nothing else can be asked without. */
    public boolean exists() {
        if (Files.isDirectory(path)) {
            return true;
        }
        problems.add(source, "there is no such folder");
        return false;
    }

    /** Verifies the hashes, and the folder's name; returns how many files are listed. */
    public int hashes() {
        version = VersionFolder.versionOf(path);
        if (version == 0) {
            problems.add(source, "a version's folder is named by a positive whole number without leading zeros");
        }
        return checksums.verify();
    }

    /** Reads {@code model.yaml}; null if it is none. */
    public @Nullable Manifest manifest() {
        Manifest found = ManifestReader.readFolder(files, source, problems);
        manifest = found;
        Path parent = path.toAbsolutePath().normalize().getParent();
        if (found != null
                && found.features() != null
                && parent != null
                && !String.valueOf(parent.getFileName()).equals(found.name())) {
            problems.add(
                    source + "/" + ManifestReader.FILE,
                    "this is a version of the model '" + found.name() + "', but stands in the folder '"
                            + parent.getFileName() + "'");
        }
        pace.pause();
        return found;
    }

    /** Reads the manifest's features, and finds those that the inputs name; null if there is no manifest. */
    public @Nullable FeatureSet features() {
        Manifest found = manifest;
        if (found == null || found.features() == null) {
            return null;
        }
        int before = problems.size();
        FeatureSet features = FeatureSet.read(found.features(), vocabularies());
        if (problems.size() > before) {
            return null;
        }
        PairSet pairs = pairs(found, features);
        if (problems.size() > before) {
            return null;
        }
        List<FeatureSet> inputs = inputs(found, found.features(), features, pairs);
        ReasonTemplates.check(found.reasons(), features, pairs == null ? List.of() : pairs.names());
        pace.pause();
        if (problems.size() > before) {
            return null;
        }
        folder = new ModelFolder(path, version, checksum(), found, features, pairs == null ? inputs : List.of(), pairs);
        return features;
    }

    /** What was read; null if manifest or features are not right. Its hashes may still be wrong. */
    public @Nullable ModelFolder folder() {
        return folder;
    }

    /** Whether the file is the one that was exported, so that a library may be let at it. */
    public boolean vouchFor(String file) {
        return checksums.vouchFor(file);
    }

    private VocabularyFiles vocabularies() {
        return name -> files.refusal(name) == null ? files.text(name) : null;
    }

    /** Reads what the model ranks; null if its rows are customers, or, with problems, if something is wrong. */
    private @Nullable PairSet pairs(Manifest manifest, FeatureSet features) {
        YamlNode candidates = manifest.candidates();
        if (candidates == null || manifest.pairs() == null) {
            return null;
        }
        PairSet pairs = PairSet.read(candidates, manifest.pairs(), features.names(), vocabularies());
        List<String> outputs = manifest.outputs().stream().map(OutputSpec::name).toList();
        for (String list : pairs == null ? List.<String>of() : pairs.listNames()) {
            if (!outputs.contains(list)) {
                candidates.problem("no output ranks the list '" + list + "'");
            }
        }
        return pairs;
    }

    private static List<FeatureSet> inputs(
            Manifest manifest, YamlNode place, FeatureSet features, @Nullable PairSet pairs) {
        List<String> ofPairs = pairs == null ? List.of() : pairs.names();
        List<FeatureSet> inputs = new ArrayList<>();
        for (InputSpec input : manifest.inputs()) {
            boolean known = true;
            for (String name : input.features()) {
                if (ofPairs.contains(name)) {
                    continue;
                }
                int feature = features.indexOf(name);
                if (feature < 0) {
                    known = false;
                    place.problem("input '" + input.name() + "': "
                            + Nearest.message(
                                    "feature",
                                    name,
                                    Stream.concat(features.names().stream(), ofPairs.stream())
                                            .toList()));
                } else if (features.type(feature) == FeatureType.TEXT) {
                    place.problem("input '" + input.name() + "': the feature '" + name
                            + "' is a text, which no model can read");
                }
            }
            if (known && pairs == null) {
                inputs.add(features.select(input.features()));
            }
        }
        return inputs;
    }
}
