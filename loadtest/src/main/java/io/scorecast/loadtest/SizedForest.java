package io.scorecast.loadtest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.scorecast.engine.event.EventJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * A forest of a size, and rows for it: made up, or the shipped {@code clv} with rows drawn from what its {@code
 * reference.json} says of each feature.
 *
 * @param columns of a row
 * @param rows one after the other, each of so many columns
 */
record SizedForest(Booster booster, List<String> columns, float[] rows) {

    SizedForest {
        columns = List.copyOf(columns);
    }

    int width() {
        return columns.size();
    }

    /** The name of the shipped one; others are {@code 300x6}: trees and their depth. */
    static final String SHIPPED = "clv";

    private static final Path HOME =
            Path.of(System.getProperty("scorecast.home", ".")).toAbsolutePath();

    /**
     * Gets one. Made-up ones are trained once and kept below {@code .scorecast}: a thousand trees take a minute.
     *
     * @param missing which share of the rows' numbers is; 0 also fills what a shipped model's rows lack by themselves
     */
    static SizedForest of(String size, int rows, double missing) {
        try {
            if (size.equals(SHIPPED)) {
                Path version = HOME.resolve("models").resolve(SHIPPED).resolve("1");
                List<double[]> quantiles = quantiles(version.resolve("reference.json"));
                Booster booster =
                        single(XGBoost.loadModel(version.resolve("model.ubj").toString()));
                if (booster.getNumFeature() != quantiles.size()) {
                    throw new IllegalStateException(
                            version + " has " + booster.getNumFeature() + " columns, not " + quantiles.size());
                }
                return new SizedForest(booster, List.of(booster.getFeatureNames()), draw(quantiles, rows, missing));
            }
            List<String> columns = IntStream.range(0, MadeUpTrees.WIDTH)
                    .mapToObj(column -> "f" + column)
                    .toList();
            return new SizedForest(trained(size), columns, MadeUpTrees.rows(rows, 2, missing));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (XGBoostError e) {
            throw new IllegalStateException(e);
        }
    }

    private static Booster single(Booster booster) throws XGBoostError {
        booster.setParam("nthread", 1);
        return booster;
    }

    private static Booster trained(String size) throws IOException, XGBoostError {
        Path folder = Files.createDirectories(HOME.resolve(".scorecast/benchmarks"));
        Path kept = folder.resolve("trees-" + size + ".ubj");
        if (!Files.exists(kept)) {
            String[] numbers = size.split("x", -1);
            Booster booster = MadeUpTrees.train(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
            Path draft = Files.createTempFile(folder, "trees", ".ubj");
            Files.write(draft, booster.toByteArray("ubj"));
            Files.move(draft, kept, StandardCopyOption.ATOMIC_MOVE);
            booster.dispose();
        }
        return single(XGBoost.loadModel(kept.toString()));
    }

    private static float[] draw(List<double[]> quantiles, int rows, double missing) {
        SplittableRandom random = new SplittableRandom(2);
        float[] numbers = new float[rows * quantiles.size()];
        for (int i = 0; i < numbers.length; i++) {
            double[] known = quantiles.get(i % quantiles.size());
            double at = random.nextDouble() * (known.length - 1);
            int below = (int) at;
            double value = known[below] + (at - below) * (known[below + 1] - known[below]);
            numbers[i] = random.nextDouble() < missing ? Float.NaN : (float) value;
        }
        return numbers;
    }

    /** Of each of the model's columns, in order, its quantiles, evenly spaced. */
    private static List<double[]> quantiles(Path reference) throws IOException {
        List<double[]> found = new ArrayList<>();
        try (JsonParser parser = EventJson.FACTORY.createParser(Files.readString(reference))) {
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    depth++;
                } else if (token == JsonToken.END_OBJECT) {
                    depth--;
                    if (depth == 1) {
                        return found; // Features come first.
                    }
                } else if (token == JsonToken.START_ARRAY && "quantiles".equals(parser.currentName())) {
                    List<Double> numbers = new ArrayList<>();
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        numbers.add(parser.getDoubleValue());
                    }
                    found.add(numbers.stream().mapToDouble(Double::doubleValue).toArray());
                }
            }
        }
        return found;
    }
}
