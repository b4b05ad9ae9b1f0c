package io.scorecast.engine.model.forest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.scorecast.engine.model.Pace;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a file written by XGBoost says, checked. */
public final class BoosterFile {

    /** 300 trees of depth 6 take 2 MB; a gigabyte is not a model but a mistake. */
    private static final long MAX_BYTES = 1L << 30;

    final String objective;
    final int width;
    final int groups;
    final float[] baseScores;
    final List<Tree> trees;
    final int[] groupOf;

    private final String version;
    private final String misread;
    private final boolean linear;
    private final List<String> featureNames;
    private final int rounds;
    private final String uncovered;

    BoosterFile(BoosterContent content, List<Tree> trees, int[] groupOf, int rounds) {
        this.objective = content.objective;
        this.width = content.width;
        this.groups = content.groups();
        this.baseScores = content.baseScores();
        this.trees = List.copyOf(trees);
        this.groupOf = groupOf;
        this.version = content.version;
        this.misread = content.misread();
        this.linear = content.booster.equals("gblinear");
        this.featureNames = List.copyOf(content.featureNames);
        this.rounds = rounds;
        this.uncovered = content.uncovered;
    }

    /** Null, with the reason among the problems, if the file is damaged or is no XGBoost model. */
    public static @Nullable BoosterFile read(Path file, String source, Pace pace, Problems problems) {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                problems.add(source, "the file has " + size + " bytes; at most " + MAX_BYTES + " are read");
                return null;
            }
            return read(Files.readAllBytes(file), pace);
        } catch (MalformedModel e) {
            problems.add(new Problem(source, e.line(), e.column(), String.valueOf(e.getMessage()), ""));
            return null;
        } catch (IOException e) {
            problems.add(source, "the file cannot be read: " + e);
            return null;
        }
    }

    static BoosterFile read(byte[] content, Pace pace) throws IOException, MalformedModel {
        if (content.length < 2 || content[0] != '{') {
            throw new MalformedModel(notText(content));
        }
        // UBJSON goes on with the length of a name or with '#', JSON with a quote, a brace or white space.
        boolean json = content[1] == '"' || content[1] == '}' || Character.isWhitespace(content[1]);
        try (Document document = json ? new JsonDocument(content) : new UbjsonDocument(content)) {
            return BoosterReader.read(document, pace);
        }
    }

    private static String notText(byte[] content) {
        // The old format begins with "binf", or at once with a base score and a number of features.
        boolean old = startsWith(content, "binf")
                || (content.length > 136
                        && new String(content, 0, Math.min(content.length, 512), ISO_8859_1)
                                .matches("(?s).*(gbtree|gblinear|dart).*"));
        return old
                ? "this is XGBoost's old binary format, which its own releases no longer read; with one that wrote or still"
                        + " reads it (up to 3.0) run: xgboost.Booster(model_file=\"this file\").save_model(\"model.ubj\")"
                : "neither JSON nor UBJSON as XGBoost writes it; save_model with a name that ends in .json or .ubj writes"
                        + " one";
    }

    private static boolean startsWith(byte[] content, String text) {
        return new String(content, 0, Math.min(content.length, text.length()), ISO_8859_1).equals(text);
    }

    /** Why the forest cannot evaluate it, though XGBoost can; empty if it can. */
    public String uncovered() {
        return uncovered;
    }

    /** Whether it is a sum of weighted features instead of trees. */
    public boolean linear() {
        return linear;
    }

    /** What it was trained for, as XGBoost names it: {@code binary:logistic}. */
    public String objective() {
        return objective;
    }

    /** What it predicts before any tree speaks, one number for each class or target: roughly the mean of the training. */
    public List<Float> baseScores() {
        List<Float> scores = new ArrayList<>(baseScores.length);
        for (float score : baseScores) {
            scores.add(score);
        }
        return scores;
    }

    /** How many features a row has. */
    public int width() {
        return width;
    }

    /** Names of the features; empty if the file does not say. */
    public List<String> featureNames() {
        return featureNames;
    }

    /** Boosting rounds that count: up to the best iteration if the file names one, else 0 for all. */
    public int rounds() {
        return rounds;
    }

    /** The release of XGBoost that wrote it, such as {@code 3.2.0}. */
    public String version() {
        return version;
    }

    /**
     * Why XGBoost4J 3.2 must not be given the file, which it would score wrong without a word, or die of; empty if it may.
     */
    public String misread() {
        return misread;
    }
}
