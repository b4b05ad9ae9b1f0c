package io.scorecast.engine.scorer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** A version that ranks pairs: eight products in four categories, and a booster of XGBoost trained on made-up pairs. */
final class RankedFolder {

    static final String MANIFEST = """
            schema: 1
            name: next
            runtime: xgboost
            file: model.ubj
            inputs:
              - {name: pairs, features: [times, orders, since, popularity, similar, discover]}
            features:
              - {name: orders, kind: count, event: purchase, per: order}
            candidates:
              - list: items
                vocabulary: items.txt
                field: product_id
                facts: facts.tsv
                bought: only
                limit: 200
                sources: [{from: history, most: 200}]
              - list: discover
                vocabulary: items.txt
                field: product_id
                facts: facts.tsv
                neighbours: neighbours.txt
                bought: never
                limit: 200
                sources: [{from: neighbours, most: 3}, {from: popularity, most: 200, fact: popularity}]
            pairs:
              - {name: times, kind: times_bought}
              - {name: since, kind: days_since}
              - {name: popularity, kind: fact, fact: popularity}
              - {name: similar, kind: similarity}
              - {name: discover, kind: list}
            outputs:
              - {name: items, kind: items, top: 3, fallback: [milk, bread, beer]}
              - {name: discover, kind: items, top: 3, fallback: [bread, soap]}
            """;

    static final List<String> ITEMS = List.of("milk", "cheese", "yogurt", "bread", "beer", "wine", "soap", "tea");
    private static final String VOCABULARY = """
            milk	dairy/milk	Milk
            cheese	dairy/cheese
            yogurt	dairy/yogurt	Yogurt
            bread	bakery/bread	Bread
            beer	drinks/beer	Beer
            wine	drinks/wine	Wine
            soap	home/soap	Soap
            tea	drinks/tea	Tea
            """;
    static final float[] POPULARITY = {0.9f, 0.5f, 0.4f, 0.8f, 0.6f, 0.3f, 0.2f, 0.1f};

    /** Of milk cheese and yogurt, of beer wine. */
    private static final String NEIGHBOURS = "2:0.5 3:0.25\n1:0.5\n1:0.25\n\n6:0.75\n5:0.75\n\n\n";

    private static final int WIDTH = 6;
    private static final int ROWS = 2000;

    final Path path;
    private final Booster booster;

    private RankedFolder(Path path, Booster booster) {
        this.path = path;
        this.booster = booster;
    }

    static RankedFolder write(Path repository, Booster booster) throws Exception {
        Path path = Files.createDirectories(repository.resolve("next/1"));
        RankedFolder folder = new RankedFolder(path, booster);
        Files.write(path.resolve("model.ubj"), folder.booster.toByteArray("ubj"));
        folder.put("items.txt", VOCABULARY);
        StringBuilder facts = new StringBuilder("popularity\n");
        for (float popularity : POPULARITY) {
            facts.append(popularity).append('\n');
        }
        folder.put("facts.tsv", facts.toString());
        folder.put("neighbours.txt", NEIGHBOURS);
        folder.put("model.yaml", MANIFEST);
        return folder;
    }

    /** Whoever bought an item often and lately buys it again; else what is popular and similar is bought. */
    static Booster train() {
        SplittableRandom random = new SplittableRandom(3);
        float[] rows = new float[ROWS * WIDTH];
        float[] labels = new float[ROWS];
        for (int r = 0; r < ROWS; r++) {
            boolean discover = random.nextBoolean();
            int times = discover ? 0 : random.nextInt(1, 6);
            float since = discover ? Float.NaN : random.nextInt(60);
            float popularity = (float) random.nextDouble();
            float similar = discover ? (float) random.nextDouble() : 0;
            float[] row = {times, times + random.nextInt(8), since, popularity, similar, discover ? 1 : 0};
            System.arraycopy(row, 0, rows, r * WIDTH, WIDTH);
            double chance = discover ? (popularity + similar) / 4 : times / 6.0 - since / 100 + popularity / 5;
            labels[r] = random.nextDouble() < chance ? 1 : 0;
        }
        try {
            DMatrix matrix = new DMatrix(rows, ROWS, WIDTH, Float.NaN);
            matrix.setLabel(labels);
            Map<String, Object> settings =
                    Map.of("objective", "binary:logistic", "max_depth", 4, "eta", 0.2, "nthread", 1, "seed", 1);
            Booster booster = XGBoost.train(matrix, settings, 30, Map.of(), null, null);
            matrix.dispose();
            return booster;
        } catch (XGBoostError e) {
            throw new IllegalStateException(e);
        }
    }

    /** What XGBoost's own library says of a pair. */
    double predict(float... row) throws Exception {
        DMatrix matrix = new DMatrix(row, 1, row.length, Float.NaN);
        try {
            return booster.predict(matrix)[0][0];
        } finally {
            matrix.dispose();
        }
    }

    void put(String name, String text) throws IOException {
        Files.writeString(path.resolve(name), text);
    }

    /** Makes the hashes right, whatever the files are now. */
    void seal() throws Exception {
        Map<String, String> sums = new LinkedHashMap<>();
        try (var files = Files.list(path)) {
            for (Path file : files.sorted().toList()) {
                if (!file.endsWith("SHA256SUMS")) {
                    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                    sums.put(file.getFileName().toString(), HexFormat.of().formatHex(hash));
                }
            }
        }
        StringBuilder text = new StringBuilder();
        sums.forEach((name, hash) -> text.append(hash).append("  ").append(name).append('\n'));
        put("SHA256SUMS", text.toString());
    }
}
