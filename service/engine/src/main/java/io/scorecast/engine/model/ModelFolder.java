package io.scorecast.engine.model;

import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.feature.FeatureType;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.problem.YamlNode;
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
 * @param inputs per input tensor, the features that are its columns
 */
public record ModelFolder(
        Path path, int version, String checksum, Manifest manifest, FeatureSet features, List<FeatureSet> inputs) {

    public ModelFolder {
        inputs = List.copyOf(inputs);
    }

    /**
     * Verifies hashes, manifest and feature definitions.
     *
     * @return null, with every reason among the problems, if the folder is no valid version
     */
    public static @Nullable ModelFolder read(Path folder, Problems problems) {
        int before = problems.size();
        VersionFolder opened = VersionFolder.open(folder, problems);
        if (opened == null) {
            return null;
        }
        Manifest manifest = ManifestReader.readFolder(opened, problems);
        if (manifest == null || manifest.features() == null) {
            return null;
        }
        Path parent = folder.toAbsolutePath().normalize().getParent();
        if (parent != null && !String.valueOf(parent.getFileName()).equals(manifest.name())) {
            problems.add(
                    opened.source() + "/" + ManifestReader.FILE,
                    "this is a version of the model '" + manifest.name() + "', but stands in the folder '"
                            + parent.getFileName() + "'");
        }
        FeatureSet features = FeatureSet.read(manifest.features(), opened.vocabularies());
        if (problems.size() > before) {
            return null;
        }
        List<FeatureSet> inputs = inputs(manifest, manifest.features(), features);
        return problems.size() > before
                ? null
                : new ModelFolder(folder, opened.version(), opened.checksum(), manifest, features, inputs);
    }

    private static List<FeatureSet> inputs(Manifest manifest, YamlNode place, FeatureSet features) {
        List<FeatureSet> inputs = new ArrayList<>();
        for (InputSpec input : manifest.inputs()) {
            boolean known = true;
            for (String name : input.features()) {
                int feature = features.indexOf(name);
                if (feature < 0) {
                    known = false;
                    place.problem(
                            "input '" + input.name() + "': " + Nearest.message("feature", name, features.names()));
                } else if (features.type(feature) == FeatureType.TEXT) {
                    place.problem("input '" + input.name() + "': the feature '" + name
                            + "' is a text, which no model can read");
                }
            }
            if (known) {
                inputs.add(features.select(input.features()));
            }
        }
        return inputs;
    }

    /** What a runtime needs to know to open the model file. */
    public OpenRequest openRequest() {
        List<OpenRequest.Input> tensors = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            tensors.add(new OpenRequest.Input(
                    manifest.inputs().get(i).name(), inputs.get(i).columns()));
        }
        return new OpenRequest(
                path.resolve(manifest.file()), source() + "/" + manifest.file(), manifest.engine(), tensors);
    }

    /** How problems name this folder: {@code model/version}. */
    public String source() {
        return new VersionFolder(path, version, checksum).source();
    }
}
