package io.scorecast.server.cli;

import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.model.Pace;
import io.scorecast.engine.model.TensorSpec;
import io.scorecast.engine.model.forest.BoosterFile;
import io.scorecast.engine.model.onnx.OnnxRuntime;
import io.scorecast.engine.problem.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a bare model file says of itself, as far as a manifest needs it.
 *
 * @param file the manifest's name of the model file
 * @param inputs as {@code name} and the features that are its columns
 * @param tensor the output that is published; empty for the first
 * @param column of that output
 * @param isProbability whether what it predicts is one
 * @param fallback NaN if the file does not suggest one
 */
record ModelDraft(
        String runtime,
        String file,
        List<Input> inputs,
        String tensor,
        int column,
        boolean isProbability,
        double fallback) {

    record Input(String name, List<String> features) {}

    /**
     * Reads a file.
     *
     * @throws CommandFailure if it does not say enough
     * @throws io.scorecast.engine.problem.ProblemsException if it is damaged
     */
    static ModelDraft read(Path file, FeatureSet features) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        Problems problems = new Problems();
        ModelDraft draft;
        if (name.endsWith(".onnx")) {
            draft = onnx(file, features, problems);
        } else if (name.endsWith(".ubj") || name.endsWith(".json")) {
            draft = xgboost(file, name.substring(name.lastIndexOf('.')), features, problems);
        } else {
            throw new CommandFailure(
                    file + ": expected a model file that ends in .ubj or .json (XGBoost's save_model), or in .onnx");
        }
        problems.throwIfAny();
        if (draft == null) {
            throw new CommandFailure(file + ": cannot be read");
        }
        return draft;
    }

    private static @Nullable ModelDraft xgboost(Path file, String suffix, FeatureSet features, Problems problems) {
        BoosterFile booster = BoosterFile.read(file, file.toString(), Pace.NONE, problems);
        if (booster == null) {
            return null;
        }
        List<Float> base = booster.baseScores();
        boolean isProbability = switch (booster.objective()) {
            case "binary:logistic", "reg:logistic", "multi:softprob" -> true;
            default -> false;
        };
        double fallback = base.size() == 1 ? Double.parseDouble(base.getFirst().toString()) : Double.NaN;
        List<String> columns = columns(booster.featureNames(), features);
        return new ModelDraft(
                "xgboost",
                "model" + suffix,
                List.of(new Input("features", columns)),
                "",
                0,
                isProbability,
                isProbability && fallback > 0 && fallback < 1 ? fallback : isProbability ? Double.NaN : fallback);
    }

    /** The features in the order of training where the file tells it, so that definitions may have helpers among them. */
    private static List<String> columns(List<String> trained, FeatureSet features) {
        List<String> chosen = new ArrayList<>();
        for (int at = 0; at < trained.size(); ) {
            int feature = startingWith(trained.get(at), features);
            if (feature < 0) {
                return numeric(features);
            }
            chosen.add(features.names().get(feature));
            at += features.width(feature);
        }
        return chosen.isEmpty() ? numeric(features) : chosen;
    }

    private static int startingWith(String column, FeatureSet features) {
        for (int feature = 0; feature < features.size(); feature++) {
            FeatureSet alone = features.select(List.of(features.names().get(feature)));
            if (!alone.columns().isEmpty() && alone.columns().getFirst().equals(column)) {
                return feature;
            }
        }
        return -1;
    }

    private static List<String> numeric(FeatureSet features) {
        List<String> names = new ArrayList<>();
        for (int feature = 0; feature < features.size(); feature++) {
            if (features.width(feature) > 0) {
                names.add(features.names().get(feature));
            }
        }
        return names;
    }

    private static @Nullable ModelDraft onnx(Path file, FeatureSet features, Problems problems) {
        List<String> names = OnnxRuntime.inputs(file, file.toString(), problems);
        if (names == null) {
            return null;
        }
        List<Input> inputs = new ArrayList<>();
        List<OpenRequest.Input> asked = new ArrayList<>();
        for (String name : names) {
            List<String> columns = names.size() == 1 ? numeric(features) : List.of(name);
            if (names.size() > 1 && features.indexOf(name) < 0) {
                throw new CommandFailure(file + ": has the inputs " + names + ", and no feature is called '" + name
                        + "'; with several inputs each takes the feature of its name");
            }
            inputs.add(new Input(name, columns));
            asked.add(new OpenRequest.Input(name, features.select(columns).columns()));
        }
        try (Model model = new OnnxRuntime().open(new OpenRequest(file, file.toString(), "", asked), problems)) {
            return model == null ? null : published(model.signature().outputs(), inputs);
        }
    }

    /** A classifier's probabilities where there are some, of the second class where there are two; else the first numbers. */
    private static ModelDraft published(List<TensorSpec> outputs, List<Input> inputs) {
        TensorSpec chosen = outputs.getFirst();
        boolean isProbability = false;
        for (TensorSpec output : outputs) {
            if (!isProbability && output.name().toLowerCase(Locale.ROOT).contains("prob")) {
                chosen = output;
                isProbability = true;
            }
        }
        int column = isProbability && chosen.width() == 2 ? 1 : 0;
        return new ModelDraft("onnx", "model.onnx", inputs, chosen.name(), column, isProbability, Double.NaN);
    }
}
