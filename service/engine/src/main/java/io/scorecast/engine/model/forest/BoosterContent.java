package io.scorecast.engine.model.forest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What has been read so far of a file: its fields come in any order, so they are checked together at the end. */
final class BoosterContent {

    private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

    String objective = "";
    String booster = "";
    String version = "";
    String uncovered = "";
    int width;
    int classes;
    int targets = 1;
    /** 0 if the file does not say, as before 1.6. */
    int parallelTrees;
    /** Of the file's attributes; -1 if it names none. */
    int bestIteration = -1;

    boolean newerDart;
    /** Whether base scores are probabilities though the objective has none. */
    boolean logitStart;

    float[] base = new float[0];
    float[] linearWeights = new float[0];
    float[] treeWeights = new float[0];
    int[] treeInfo = new int[0];
    int[] roundStarts = new int[0];
    List<String> featureNames = new ArrayList<>();
    /** In the file's order; empty where a tree cannot be covered. */
    List<RawTree> trees = new ArrayList<>();

    /** Numbers that the booster adds up per row. */
    int groups() {
        return Math.max(1, Math.max(classes, targets));
    }

    /** One per group. */
    float[] baseScores() {
        float[] scores = new float[groups()];
        for (int g = 0; g < scores.length; g++) {
            scores[g] = base.length == 1 ? base[0] : base[g];
        }
        return scores;
    }

    /** Whether a release before that one wrote it. */
    boolean before(int major, int minor) {
        Matcher release = RELEASE.matcher(version);
        if (!release.lookingAt()) {
            return false;
        }
        int wrote = Integer.parseInt(release.group(1));
        return wrote < major || (wrote == major && Integer.parseInt(release.group(2)) < minor);
    }

    /** Why XGBoost4J 3.2 must not read it; empty if it may. */
    String misread() {
        if (newerDart) {
            return "the weights of a DART booster stand where XGBoost looks for them since 3.4 only; 3.2 takes them all for 1";
        }
        if (logitStart) {
            return "the base score of binary:logitraw was a probability before 1.3; 3.2 takes it as it is";
        }
        return trees.stream().anyMatch(tree -> tree.vector() && tree.leafWeights.length == 0)
                ? "vectors as leaves stand where XGBoost put them before 3.2, which 3.2 dies of"
                : "";
    }

    /** Keeps the first reason. */
    void uncovered(String reason) {
        if (uncovered.isEmpty()) {
            uncovered = reason;
        }
    }
}
