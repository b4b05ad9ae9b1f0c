package io.scorecast.engine.model.forest;

import io.scorecast.engine.model.Pace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the schema that XGBoost has written since 1.0: parameters are texts, trees are arrays. Fields that do not matter
 * for a prediction are passed over, so that later releases may add some.
 */
final class BoosterReader {

    /** More classes, features or rounds than this are a mistake, or an attack on the heap. */
    private static final int MANY = 1_000_000;

    private static final int MANY_OUTPUTS = 10_000;

    /** A tree of 100 nodes takes some 20 µs to read. */
    private static final int TREES_PER_SLICE = 32;

    private final Document document;
    private final Pace pace;
    private final BoosterContent content = new BoosterContent();

    private BoosterReader(Document document, Pace pace) {
        this.document = document;
        this.pace = pace;
    }

    static BoosterFile read(Document document, Pace pace) throws IOException, MalformedModel {
        BoosterReader reader = new BoosterReader(document, pace);
        document.object(name -> {
            switch (name) {
                case "learner" -> reader.learner();
                case "version" -> reader.version();
                default -> document.skip();
            }
        });
        document.end();
        return reader.checked();
    }

    private void version() throws IOException, MalformedModel {
        StringBuilder text = new StringBuilder();
        for (int part : document.ints()) {
            text.append(text.isEmpty() ? "" : ".").append(part);
        }
        content.version = text.toString();
    }

    private void learner() throws IOException, MalformedModel {
        document.object(name -> {
            switch (name) {
                case "attributes" -> attributes();
                case "feature_names" -> document.array(index -> content.featureNames.add(document.text()));
                case "gradient_booster" -> booster(true);
                case "learner_model_param" -> parameters();
                case "objective" -> objective();
                default -> document.skip();
            }
        });
    }

    private void attributes() throws IOException, MalformedModel {
        document.object(name -> {
            if (name.equals("best_iteration")) {
                content.bestIteration = number(0, MANY);
            } else {
                document.skip();
            }
        });
    }

    private void objective() throws IOException, MalformedModel {
        document.object(name -> {
            if (name.equals("name")) {
                content.objective = document.text();
            } else {
                document.skip();
            }
        });
    }

    private void parameters() throws IOException, MalformedModel {
        document.object(name -> {
            switch (name) {
                case "base_score" -> content.base = baseScore();
                case "num_class" -> content.classes = number(0, MANY_OUTPUTS);
                case "num_feature" -> content.width = number(1, MANY);
                case "num_target" -> content.targets = number(0, MANY_OUTPUTS);
                default -> document.skip();
            }
        });
    }

    /** One number, several as an array, or, as 3.1 and later write it, an array within a text. */
    private float[] baseScore() throws IOException, MalformedModel {
        if (document.atArray()) {
            return document.floats();
        }
        String text = document.text().strip();
        String inner = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        String[] parts = inner.split(",", -1);
        float[] scores = new float[parts.length];
        for (int i = 0; i < scores.length; i++) {
            try {
                scores[i] = Float.parseFloat(parts[i].strip());
            } catch (NumberFormatException e) {
                throw document.fault("expected a number, found '" + text + "'");
            }
        }
        return scores;
    }

    private int number(int least, int most) throws IOException, MalformedModel {
        String text = document.text();
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw document.fault("expected a whole number from " + least + " to " + most + ", found '" + text + "'");
    }

    /** A tree booster, or a DART booster around one. */
    private void booster(boolean outer) throws IOException, MalformedModel {
        document.object(name -> {
            switch (name) {
                case "name" -> {
                    String booster = document.text();
                    if (outer) {
                        content.booster = booster;
                    }
                }
                case "model" -> model();
                case "gbtree" -> booster(false);
                case "weight_drop" -> content.treeWeights = document.floats();
                default -> document.skip();
            }
        });
    }

    private void model() throws IOException, MalformedModel {
        document.object(name -> {
            switch (name) {
                case "gbtree_model_param" -> treeParameters();
                case "tree_info" -> content.treeInfo = document.ints();
                case "weights" -> content.linearWeights = document.floats();
                case "iteration_indptr" -> content.roundStarts = document.ints();
                case "trees" ->
                    document.array(index -> {
                        content.trees.add(tree());
                        if (index % TREES_PER_SLICE == TREES_PER_SLICE - 1) {
                            pace.pause();
                        }
                    });
                case "weight_drop" -> {
                    content.treeWeights = document.floats();
                    content.newerDart = content.treeWeights.length > 0;
                }
                default -> document.skip();
            }
        });
    }

    private void treeParameters() throws IOException, MalformedModel {
        document.object(name -> {
            if (name.equals("num_parallel_tree")) {
                content.parallelTrees = number(0, MANY);
            } else {
                document.skip();
            }
        });
    }

    private RawTree tree() throws IOException, MalformedModel {
        RawTree tree = new RawTree();
        document.object(name -> {
            switch (name) {
                case "left_children" -> tree.left = document.ints();
                case "right_children" -> tree.right = document.ints();
                case "split_indices" -> tree.features = document.ints();
                case "split_conditions" -> tree.values = document.floats();
                case "default_left" -> tree.missingLeft = document.ints();
                case "split_type" -> tree.splitTypes = document.ints();
                case "parents" -> tree.parents = document.ints();
                case "categories" -> tree.categories = document.ints();
                case "categories_nodes" -> tree.categoryNodes = document.ints();
                case "categories_segments" -> tree.categoryStarts = document.ints();
                case "categories_sizes" -> tree.categorySizes = document.ints();
                case "base_weights" -> tree.weights = document.floats();
                case "leaf_weights" -> tree.leafWeights = document.floats();
                case "loss_changes" -> tree.lossChanges = document.floats();
                case "sum_hessian" -> tree.hessians = document.floats();
                case "id" -> tree.id = number(0, MANY);
                case "tree_param" ->
                    document.object(parameter -> {
                        if (parameter.equals("size_leaf_vector")) {
                            tree.leafWidth = number(0, MANY_OUTPUTS);
                        } else {
                            document.skip();
                        }
                    });
                default -> document.skip();
            }
        });
        return tree;
    }

    private BoosterFile checked() throws MalformedModel {
        if (content.objective.isEmpty() || content.booster.isEmpty()) {
            throw new MalformedModel("no XGBoost model: 'learner."
                    + (content.objective.isEmpty() ? "objective" : "gradient_booster") + ".name' is missing");
        }
        if (content.width == 0) {
            throw new MalformedModel("'learner.learner_model_param.num_feature' is missing");
        }
        int groups = content.groups();
        if (content.base.length != 1 && content.base.length != groups) {
            throw new MalformedModel("learner.learner_model_param.base_score: " + content.base.length + " numbers for "
                    + groups + (groups == 1 ? " output" : " outputs"));
        }
        if (!content.featureNames.isEmpty() && content.featureNames.size() != content.width) {
            throw new MalformedModel("learner.feature_names: " + content.featureNames.size() + " names for "
                    + content.width + " features");
        }
        limits();
        return trees(groups);
    }

    /** Notes what only XGBoost itself evaluates. */
    private void limits() throws MalformedModel {
        Objective objective = Objective.named(content.objective);
        if (!content.booster.equals("gbtree") && !content.booster.equals("dart")) {
            if (!content.booster.equals("gblinear")) {
                throw new MalformedModel("the booster '" + content.booster + "' is none of gbtree, dart and gblinear");
            }
            content.uncovered("the booster 'gblinear'");
        } else if (objective == null) {
            content.uncovered("the objective '" + content.objective + "'");
        } else {
            if (objective == Objective.BINARY_LOGITRAW && content.before(1, 3)) {
                content.logitStart = true;
                for (int i = 0; i < content.base.length; i++) {
                    content.base[i] = Objective.BINARY_LOGISTIC.margin(content.base[i]);
                }
            }
            for (float score : content.base) {
                if (!Float.isFinite(objective.margin(score))) {
                    throw new MalformedModel("learner.learner_model_param.base_score: " + score
                            + " is out of range for " + content.objective);
                }
            }
        }
        if (content.trees.stream().anyMatch(RawTree::categorical)) {
            content.uncovered("categorical splits");
        }
    }

    /** Checks all trees, also those that do not count or that only XGBoost evaluates: its library checks nothing. */
    private BoosterFile trees(int groups) throws MalformedModel {
        if (content.booster.equals("gblinear")) {
            long expected = (content.width + 1L) * groups;
            if (content.linearWeights.length != expected) {
                throw new MalformedModel("learner.gradient_booster.model.weights: " + content.linearWeights.length
                        + " numbers, expected " + expected);
            }
            return new BoosterFile(content, List.of(), new int[0], 0);
        }
        int count = content.trees.size();
        if (content.treeInfo.length != count) {
            throw new MalformedModel("'tree_info' names " + content.treeInfo.length + " trees, there are " + count);
        }
        if (content.treeWeights.length != count && (content.treeWeights.length > 0 || content.booster.equals("dart"))) {
            throw new MalformedModel(
                    "'weight_drop' has " + content.treeWeights.length + " weights for " + count + " trees");
        }
        int rounds = rounds(groups);
        int used = rounds == 0 ? count : roundStart(rounds, groups);
        List<Tree> trees = new ArrayList<>();
        List<Integer> groupOf = new ArrayList<>();
        for (int t = 0; t < count; t++) {
            List<Tree> checked = tree(t, groups);
            for (int g = 0; g < checked.size(); g++) {
                Tree tree = checked.get(g);
                if (tree.depth() > Forest.MAX_DEPTH) {
                    content.uncovered("trees deeper than " + Forest.MAX_DEPTH);
                }
                if (t < used) {
                    trees.add(content.treeWeights.length == 0 ? tree : tree.times(content.treeWeights[t]));
                    groupOf.add(content.trees.get(t).vector() ? g : content.treeInfo[t]);
                }
            }
        }
        return new BoosterFile(
                content,
                content.uncovered.isEmpty() ? trees : List.of(),
                groupOf.stream().mapToInt(Integer::intValue).toArray(),
                rounds);
    }

    private List<Tree> tree(int t, int groups) throws MalformedModel {
        RawTree raw = content.trees.get(t);
        int group = content.treeInfo[t];
        if (group < 0 || group >= groups) {
            throw new MalformedModel("tree_info[" + t + "]: output " + group + " of " + groups + " (from 0)");
        }
        String place = "learner.gradient_booster.model.trees[" + t + "]: ";
        if (raw.id >= 0 && raw.id != t) {
            throw new MalformedModel(place + "its 'id' is " + raw.id);
        }
        if (raw.vector() != content.trees.getFirst().vector()) {
            throw new MalformedModel(place + "only some trees have vectors as leaves");
        }
        try {
            return raw.checked(content.width, groups);
        } catch (MalformedModel e) {
            throw new MalformedModel(place + e.getMessage());
        }
    }

    /** Rounds up to the best iteration; 0 for all. Early stopping leaves some behind it, and a sliced file has fewer. */
    private int rounds(int groups) throws MalformedModel {
        if (content.bestIteration < 0) {
            return 0;
        }
        int rounds = content.bestIteration + 1;
        return roundStart(rounds, groups) < content.trees.size() ? rounds : 0;
    }

    /** How many trees the first rounds have. */
    private int roundStart(int rounds, int groups) throws MalformedModel {
        int count = content.trees.size();
        int[] starts = content.roundStarts;
        if (starts.length == 0) {
            long trees = (long) rounds * groups * Math.max(1, content.parallelTrees);
            if (content.parallelTrees == 0 && 2 * trees <= count) {
                throw new MalformedModel(
                        "'best_iteration' is " + content.bestIteration + ", but XGBoost did not say before 1.6"
                                + " whether a round has more than one tree (num_parallel_tree); save"
                                + " booster[: best_iteration + 1] with a newer release, which leaves no doubt");
            }
            return (int) Math.min(trees, count);
        }
        for (int i = 0; i < starts.length; i++) {
            if (starts[i] < (i == 0 ? 0 : starts[i - 1]) || starts[i] > count) {
                throw new MalformedModel("'iteration_indptr' must rise from 0 to " + count + ", found "
                        + Arrays.toString(Arrays.copyOf(starts, Math.min(starts.length, i + 1))));
            }
        }
        return rounds < starts.length ? starts[rounds] : count;
    }
}
