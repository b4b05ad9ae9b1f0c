package io.scorecast.engine.model.xgboost;

import io.scorecast.engine.model.CodeOrigin;
import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelRuntime;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.model.forest.BoosterFile;
import io.scorecast.engine.model.forest.ForestModel;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.jspecify.annotations.Nullable;

/**
 * Opens what XGBoost writes, JSON and UBJSON. Trees are evaluated in Java, which for one row is far quicker than a call of
 * the native library; that library evaluates what the forest does not cover, on request everything, and is asked for a
 * second opinion when a version is loaded.
 *
 * <p>Outputs are {@code prediction}, what {@code predict} of the scikit-learn interface returns ({@code predict_proba} for
 * classifiers), and {@code margin}. Like that interface, and unlike {@code Booster.predict}, they end with the best
 * iteration if early stopping has left one in the file.
 */
public final class XgboostRuntime implements ModelRuntime {

    @Override
    public String name() {
        return "xgboost";
    }

    @Override
    public String release() throws IOException {
        return CodeOrigin.release(XGBoostError.class);
    }

    @Override
    public @Nullable Model open(OpenRequest request, Problems inputs, Problems problems) {
        String engine = request.engine();
        if (!engine.isEmpty() && !engine.equals(ForestModel.ENGINE) && !engine.equals(Xgboost4jModel.ENGINE)) {
            List<String> known = List.of(ForestModel.ENGINE, Xgboost4jModel.ENGINE);
            problems.add(request.source(), Nearest.message("engine", engine, known));
            return null;
        }
        BoosterFile file = BoosterFile.read(request.file(), request.source(), request.pace(), problems);
        if (file == null || !fits(file, request, inputs)) {
            return null;
        }
        boolean covered = file.uncovered().isEmpty();
        if (covered && !engine.equals(Xgboost4jModel.ENGINE)) {
            return new ForestModel(file, request.inputs().get(0).name());
        }
        if (engine.equals(ForestModel.ENGINE)) {
            problems.add(
                    request.source(),
                    "the forest does not evaluate " + file.uncovered() + "; leave 'engine' out, or ask for "
                            + Xgboost4jModel.ENGINE);
            return null;
        }
        if (!file.misread().isEmpty()) {
            problems.add(
                    request.source(),
                    "XGBoost4J cannot be the engine for this file of XGBoost " + file.version() + ": " + file.misread()
                            + (covered ? "; leave 'engine' out" : ""));
            return null;
        }
        return open4j(request, file, problems);
    }

    private static @Nullable Model open4j(OpenRequest request, BoosterFile file, Problems problems) {
        try {
            return Xgboost4jModel.open(
                    Files.readAllBytes(request.file()),
                    file.linear(),
                    file.width(),
                    file.rounds(),
                    request.inputs().get(0).name());
        } catch (XGBoostError | IOException e) {
            problems.add(request.source(), "XGBoost4J cannot open the file: " + firstLine(e));
            return null;
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }

    private static boolean fits(BoosterFile file, OpenRequest request, Problems problems) {
        if (request.inputs().size() != 1) {
            problems.add(
                    request.source(),
                    "an XGBoost model has exactly one input, the manifest has "
                            + request.inputs().size());
            return false;
        }
        List<String> asked = request.inputs().get(0).columns();
        List<String> found = file.featureNames();
        if (asked.size() != file.width()) {
            problems.add(
                    request.source(),
                    "the model was trained on " + file.width() + " features, the manifest's input has " + asked.size());
            return false;
        }
        for (int f = 0; f < found.size(); f++) {
            if (!found.get(f).equals(asked.get(f))) {
                problems.add(
                        request.source(),
                        "feature " + f + " (from 0) was '" + found.get(f) + "' in training, the manifest's input says '"
                                + asked.get(f) + "'");
                return false;
            }
        }
        return true;
    }

    @Override
    public String crossCheck(OpenRequest request, Model model, int rows, long seed, Problems problems) {
        if (!model.engine().equals(ForestModel.ENGINE)) {
            return "XGBoost4J itself evaluates the model";
        }
        BoosterFile file = BoosterFile.read(request.file(), request.source(), request.pace(), problems);
        if (file == null) {
            return "the file cannot be read again";
        }
        // A reader that is known to misread the file has no opinion; the golden examples decide.
        if (!file.misread().isEmpty()) {
            return "XGBoost4J is not asked: " + file.misread();
        }
        Model other = open4j(request, file, problems);
        if (other == null) {
            return "XGBoost4J cannot open the file";
        }
        try (other) {
            return SecondOpinion.compare(model, other, file, rows, seed, request.pace(), request.source(), problems);
        }
    }
}
