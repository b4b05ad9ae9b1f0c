package io.scorecast.engine.model;

import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.pair.PairSet;
import io.scorecast.engine.problem.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version's folder whose hashes, manifest and features were found right; its model is not opened yet.
 *
 * @param version the folder's name, a positive integer
 * @param checksum SHA-256 of its SHA256SUMS, which covers every other file
 * @param features all that the manifest defines
 * @param inputs per input tensor, the features that are its columns; empty if the model ranks pairs
 * @param pairs what the model ranks; null if its rows are customers
 */
public record ModelFolder(
        Path path,
        int version,
        String checksum,
        Manifest manifest,
        FeatureSet features,
        List<FeatureSet> inputs,
        @Nullable PairSet pairs) {

    public ModelFolder {
        inputs = List.copyOf(inputs);
    }

    /**
     * Verifies hashes, manifest and feature definitions.
     *
     * @return null, with every reason among the problems, if the folder is no valid version
     */
    public static @Nullable ModelFolder read(Path folder, Problems problems) {
        FolderReader reader = new FolderReader(folder, Pace.NONE, problems);
        int before = problems.size();
        if (reader.exists()) {
            reader.hashes();
            reader.manifest();
            reader.features();
        }
        return problems.size() > before ? null : reader.folder();
    }

    /** The names of an input's columns. */
    public List<String> columns(int input) {
        return pairs == null
                ? inputs.get(input).columns()
                : pairs.columns(manifest.inputs().get(input).features(), features);
    }

    /** What a runtime needs to know to open the model file. */
    public OpenRequest openRequest() {
        return openRequest(Pace.NONE);
    }

    /** What a runtime needs to know to open the model file, at a pace. */
    public OpenRequest openRequest(Pace pace) {
        List<OpenRequest.Input> tensors = new ArrayList<>();
        for (int i = 0; i < manifest.inputs().size(); i++) {
            tensors.add(new OpenRequest.Input(manifest.inputs().get(i).name(), columns(i)));
        }
        return new OpenRequest(
                path.resolve(manifest.file()), source() + "/" + manifest.file(), manifest.engine(), tensors, pace);
    }

    /** How problems name this folder: {@code model/version}. */
    public String source() {
        return VersionFolder.sourceOf(path);
    }
}
