package io.scorecast.engine.model.forest;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.model.Pace;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoosterFileTest {

    /** One tree of two splits: feature 0 below 0.5, then feature 1 below 2. */
    private static final String GOOD = """
            {"learner":{"attributes":{},"feature_names":["a","b"],"feature_types":["float","float"],
            "gradient_booster":{"model":{"gbtree_model_param":{"num_parallel_tree":"1","num_trees":"1"},
            "iteration_indptr":[0,1],"tree_info":[0],"trees":[{"base_weights":[0,0,0,0,0],"categories":[],
            "default_left":[1,0,0,0,0],"id":0,"left_children":[1,3,-1,-1,-1],"right_children":[2,4,-1,-1,-1],
            "parents":[2147483647,0,0,1,1],"split_conditions":[5E-1,2E0,-1E-1,2E-1,3E-1],
            "split_indices":[0,1,0,0,0],"split_type":[0,0,0,0,0],
            "tree_param":{"num_deleted":"0","num_feature":"2","num_nodes":"5","size_leaf_vector":"1"}}]},
            "name":"gbtree"},
            "learner_model_param":{"base_score":"[5E-1]","num_class":"0","num_feature":"2","num_target":"1"},
            "objective":{"name":"binary:logistic","reg_loss_param":{"scale_pos_weight":"1"}}},"version":[3,2,0]}
            """;

    @TempDir
    private Path folder;

    private List<String> refusals(byte[] content) throws IOException {
        Problems problems = new Problems();
        Path file = Files.write(folder.resolve("m"), content);
        assertThat(BoosterFile.read(file, "m/1/model.json", Pace.NONE, problems))
                .isNull();
        return problems.list().stream().map(Problem::toString).toList();
    }

    private static BoosterFile read(String text) throws Exception {
        return BoosterFile.read(text.getBytes(StandardCharsets.UTF_8), Pace.NONE);
    }

    private static float margin(BoosterFile file, float... row) {
        float[] start = {0};
        Forest forest = new Forest(file.width(), start, file.trees, file.groupOf);
        float[] margins = new float[1];
        forest.margins(row, 1, new int[forest.scratchLength()], margins);
        return margins[0];
    }

    @Test
    void read_json_saysWhatStandsInIt() throws Exception {
        BoosterFile file = read(GOOD);
        assertThat(file.uncovered()).isEmpty();
        assertThat(file.version()).isEqualTo("3.2.0");
        assertThat(file.width()).isEqualTo(2);
        assertThat(file.featureNames()).containsExactly("a", "b");
        assertThat(file.rounds()).isZero();
        assertThat(margin(file, 0.5f, 0)).isEqualTo(-0.1f);
        assertThat(margin(file, Math.nextDown(0.5f), 1)).isEqualTo(0.2f);
        assertThat(margin(file, Float.NaN, 2)).isEqualTo(0.3f);
        assertThat(margin(file, -7, Float.NaN)).isEqualTo(0.3f);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "\"5E-1\"",
                "`[5E-1]`",
                "`\"[5E-1]\"`",
                "0.5",
            })
    void read_baseScoreOfAnyRelease_isTheSame(String baseScore) throws Exception {
        assertThat(read(GOOD.replace("\"[5E-1]\"", baseScore)).baseScores).containsExactly(0.5f);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "`[1,3,-1,-1,-1]` | `[1,9,-1,-1,-1]` | trees[0]: node 1: child 9 of 5 nodes (from 0)",
                "`[1,3,-1,-1,-1]` | `[1,-2,-1,-1,-1]` | trees[0]: node 1: child -2 of 5 nodes (from 0)",
                "`[1,3,-1,-1,-1]` | `[1,-1,-1,-1,-1]` | trees[0]: node 1: child -1 of 5 nodes (from 0)",
                "`[1,3,-1,-1,-1]` | `[1,0,-1,-1,-1]` | trees[0]: node 1: its child 0 is reached twice",
                "`[1,3,-1,-1,-1]` | `[1,2,-1,-1,-1]` | trees[0]: node 1: its child 2 is reached twice",
                "`[1,3,-1,-1,-1]` | `[1,3,-1,-1]` | 'left_children' has 4 nodes, 'right_children' has 5",
                "`[1,3,-1,-1,-1]` | `[]` | 'left_children' has 0 nodes, 'right_children' has 5",
                "left_children | left_kids | trees[0]: 'left_children' is missing",
                "`\"split_indices\":[0,1,` | `\"split_indices\":[0,2,` | node 1: it asks for feature 2 of 2 (from 0)",
                "-1E-1 | NaN | trees[0]: node 2: a leaf of NaN",
                "-1E-1 | 1E99 | trees[0]: node 2: a leaf of Infinity",
                "2E0 | NaN | trees[0]: node 1: its threshold is not a number",
                "`\"tree_info\":[0]` | `\"tree_info\":[1]` | tree_info[0]: output 1 of 1 (from 0)",
                "`\"tree_info\":[0]` | `\"tree_info\":[]` | 'tree_info' names 0 trees, there are 1",
                "`[\"a\",\"b\"]` | `[\"a\"]` | learner.feature_names: 1 names for 2 features",
                "[5E-1] | `[5E-1,1]` | learner.learner_model_param.base_score: 2 numbers for 1 output",
                "[5E-1] | two | learner.learner_model_param.base_score: expected a number, found 'two'",
                "[5E-1] | 2 | learner.learner_model_param.base_score: 2.0 is out of range for binary:logistic",
                "`\"num_feature\":\"2\",\"num_target\"` | `\"num_feature\":\"0\",\"num_target\"`"
                        + " | learner.learner_model_param.num_feature: expected a whole number from 1",
                "`\"num_class\":\"0\"` | `\"num_class\":\"99999999\"`"
                        + " | learner.learner_model_param.num_class: expected a whole number from 0 to 10000",
                "`\"trees\":[` | `\"trees\":[7,` | model.trees[0]: expected an object, found a number",
                "`[1,3,-1,-1,-1]` | `[1,3,-1,\"x\",-1]`"
                        + " | trees[0].left_children: expected a whole number, found a text",
                "`[1,3,-1,-1,-1]` | `[1,3,-1,1e3,-1]`"
                        + " | trees[0].left_children: expected a whole number, found a number",
                "`[1,3,-1,-1,-1]` | `[1,3,-1,99999999999,-1]` | the number 99999999999 is out of range",
                "binary:logistic | `` | no XGBoost model: 'learner.objective.name' is missing",
                "`}},\"version\"` | `},\"version\"` | expected",
                "`,\"version\":[3,2,0]}` | `` | Unexpected end-of-input",
                "`[3,2,0]}` | `[3,2,0]} {}` | something follows the model",
                "`\"split_type\":[0,0` | `\"split_type\":[0,1` | 'split_type' has 1 categorical splits, 'categories_nodes' 0",
                "`\"size_leaf_vector\":\"1\"` | `\"size_leaf_vector\":\"3\"` | leaves of 3 numbers for 1 outputs",
                "`\"size_leaf_vector\":\"1\"` | `\"size_leaf_vector\":\"-1\"` | a whole number from 0 to 10000",
                "`\"id\":0` | `\"id\":7` | trees[0]: its 'id' is 7",
                "`\"id\":0` | `\"id\":0,\"id\":0` | trees[0]: 'id' is given twice",
                "`[2147483647,0,0,1,1]` | `[2147483647,0,0,1,9]` | node 4: its parent is 1, 'parents' says 9",
                "`[2147483647,0,0,1,1]` | `[5,0,0,1,1]` | node 0: the root's parent is 5",
                "`[2147483647,0,0,1,1]` | `[0]` | 'left_children' has 5 nodes, 'parents' has 1",
                "`},\n\"name\":\"gbtree\"` | `,\"weights\":[1]},\n\"name\":\"gblinear\"`"
                        + " | model.weights: 1 numbers, expected 3",
                "`\"name\":\"gbtree\"` | `\"name\":\"forest\"` | the booster 'forest' is none of",
                "`[0,1],\"tree_info\"` | `[0,7],\"tree_info\"` | ok",
            })
    void read_damagedJson_namesThePlace(String good, String bad, String reason) throws Exception {
        String text = GOOD.replace(good, bad == null ? "" : bad);
        assertThat(text).isNotEqualTo(GOOD);
        if (reason.equals("ok")) {
            assertThat(read(text).uncovered()).isEmpty();
            assertThat(refusals(text.replace("\"attributes\":{}", "\"attributes\":{\"best_iteration\":\"0\"}")
                            .getBytes(StandardCharsets.UTF_8)))
                    .singleElement()
                    .asString()
                    .contains("'iteration_indptr' must rise from 0 to 1, found [0, 7]");
            return;
        }
        assertThat(refusals(text.getBytes(StandardCharsets.UTF_8)))
                .singleElement()
                .asString()
                .startsWith("m/1/model.json:")
                .contains(reason);
    }

    @Test
    void read_faultInJson_hasLineAndColumn() throws Exception {
        assertThat(refusals(GOOD.replace("[0,1],\"tree_info\"", "[0,x],\"tree_info\"")
                        .getBytes(StandardCharsets.UTF_8)))
                .singleElement()
                .asString()
                .startsWith("m/1/model.json:3:")
                .contains("learner.gradient_booster.model.iteration_indptr: Unrecognized token 'x'");
    }

    @Test
    void read_otherFile_isRefused() throws Exception {
        for (String text : new String[] {"", "{", "binf", "[1]", "<?xml", "{}", "{\"learner\":{}}", "{\"a\":1}"}) {
            assertThat(refusals(text.getBytes(StandardCharsets.UTF_8))).hasSize(1);
        }
    }

    @Test
    void read_nestedDeeply_isRefused() throws Exception {
        String deep = "{\"a\":" + "[".repeat(100_000);
        assertThat(refusals(deep.getBytes(StandardCharsets.UTF_8))).hasSize(1);
        byte[] binary = new byte[100_000];
        Arrays.fill(binary, (byte) '[');
        System.arraycopy(new byte[] {'{', 'U', 1, 'a'}, 0, binary, 0, 4);
        assertThat(refusals(binary)).singleElement().asString().contains("nested more than 64 deep (byte ");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "`\"split_type\":[0,0` | `\"categories_nodes\":[1],\"categories_segments\":[0],\"categories_sizes\":[0],"
                        + "\"split_type\":[0,1` | categorical splits",
                "binary:logistic | rank:new | the objective 'rank:new'",
                "`},\n\"name\":\"gbtree\"` | `,\"weights\":[1,2,3]},\n\"name\":\"gblinear\"` | the booster 'gblinear'",
            })
    void read_whatTheForestDoesNotCover_isSaid(String good, String other, String reason) throws Exception {
        String text = GOOD.replace(good.replace("\\n", "\n"), other.replace("\\n", "\n"));
        assertThat(text).isNotEqualTo(GOOD);
        assertThat(read(text).uncovered()).isEqualTo(reason);
    }

    /** Objects and arrays in every form of the specification, with fields that nobody knows. */
    private static byte[] ubjson() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte('{');
        key(out, "unknown");
        out.write(new byte[] {'[', '$', 'd', '#', 'U', 1, 0, 0, 0, 0});
        key(out, "unknown2");
        out.write(new byte[] {'{', '#', 'i', 1, 'U', 1, 'x', '[', 'N', 'T', 'F', 'Z', 'C', 'a', 'S', 'U', 1, 'b', ']'});
        key(out, "learner");
        out.writeByte('{');
        key(out, "learner_model_param");
        out.writeByte('{');
        key(out, "base_score");
        out.write(new byte[] {'[', '$', 'd', '#', 'l', 0, 0, 0, 1});
        out.writeFloat(0.5f);
        key(out, "num_feature");
        out.write(new byte[] {'S', 'U', 1, '2', '}'});
        key(out, "objective");
        out.writeByte('{');
        key(out, "name");
        text(out, "binary:logistic");
        out.writeByte('}');
        key(out, "gradient_booster");
        out.writeByte('{');
        key(out, "name");
        text(out, "gbtree");
        key(out, "model");
        out.writeByte('{');
        key(out, "tree_info");
        out.write(new byte[] {'[', 'i', 0, ']'});
        key(out, "trees");
        out.write(new byte[] {'[', '#', 'U', 1, '{'});
        key(out, "left_children");
        out.write(new byte[] {'[', '$', 'I', '#', 'U', 3, 0, 1, -1, -1, -1, -1});
        key(out, "right_children");
        out.write(new byte[] {'[', '#', 'U', 3, 'U', 2, 'i', -1, 'l', -1, -1, -1, -1});
        key(out, "split_indices");
        out.write(new byte[] {'[', '$', 'L', '#', 'U', 3});
        for (long index : new long[] {1, 0, 0}) {
            out.writeLong(index);
        }
        key(out, "split_conditions");
        out.write(new byte[] {'[', '$', 'D', '#', 'U', 3});
        for (double value : new double[] {1.5, -4, 4}) {
            out.writeDouble(value);
        }
        key(out, "default_left");
        out.write(new byte[] {'[', 'T', 'F', 'N', 'U', 0, ']'});
        out.writeBytes("}}}}}");
        return bytes.toByteArray();
    }

    private static void key(DataOutputStream out, String name) throws IOException {
        out.writeByte('L');
        out.writeLong(name.length());
        out.writeBytes(name);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        out.writeByte('S');
        key(out, text);
    }

    @Test
    void read_ubjson_understandsEveryForm() throws Exception {
        BoosterFile file = BoosterFile.read(ubjson(), Pace.NONE);
        assertThat(margin(file, 0, 1)).isEqualTo(-4);
        assertThat(margin(file, 0, 1.5f)).isEqualTo(4);
        assertThat(margin(file, 0, Float.NaN)).isEqualTo(-4);
    }

    @Test
    void read_ubjsonCutAnywhere_isRefused() throws Exception {
        byte[] good = ubjson();
        for (int length = 0; length < good.length; length++) {
            assertThat(refusals(Arrays.copyOf(good, length))).hasSize(1);
        }
    }

    @Test
    void read_ubjsonWithAGreatCount_allocatesNothing() throws Exception {
        byte[] bad = {'{', 'U', 7, 'v', 'e', 'r', 's', 'i', 'o', 'n', '[', '$', 'l', '#', 'l', 127, -1, -1, -1};
        assertThat(refusals(bad))
                .containsExactly("m/1/model.json: version: a length of 2147483647, but 0 bytes are left (byte 19)");
    }

    @Test
    void read_bytesChangedAtRandom_areReadOrRefused() throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        for (byte[] good : List.of(ubjson(), GOOD.getBytes(StandardCharsets.UTF_8))) {
            for (int i = 0; i < 20_000; i++) {
                byte[] bytes = good.clone();
                for (int n = random.nextInt(1, 4); n > 0; n--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                try {
                    BoosterFile file = BoosterFile.read(bytes, Pace.NONE);
                    if (file.uncovered().isEmpty() && file.width() == 2) {
                        margin(file, 1, Float.NaN);
                    }
                } catch (MalformedModel e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
        }
    }
}
