package io.scorecast.engine.model.forest;

import java.util.ArrayList;
import java.util.List;

/** What has been read so far of a file: its fields come in any order, so they are checked together at the end. */
final class BoosterContent {

    String objective = "";
    String booster = "";
    String version = "";
    String uncovered = "";
    int width;
    int classes;
    int targets = 1;
    int parallelTrees = 1;
    /** Of the file's attributes; -1 if it names none. */
    int bestIteration = -1;

    boolean newerDart;
    float[] base = new float[0];
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

    /** Keeps the first reason. */
    void uncovered(String reason) {
        if (uncovered.isEmpty()) {
            uncovered = reason;
        }
    }
}
