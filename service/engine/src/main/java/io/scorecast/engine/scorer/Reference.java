package io.scorecast.engine.scorer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.scorecast.engine.event.EventJson;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What {@code reference.json} says of scores: their quantiles, evenly spaced from 0 to 100 %, by output.
 *
 * @param training over the rows that were trained on
 * @param sample over {@code sample.ndjson}; empty if the exporter did not write it
 */
record Reference(Map<String, double[]> training, Map<String, double[]> sample) {

    /**
     * Reads the file.
     *
     * @throws IOException with a message for the author if it is not what it should be
     */
    static Reference read(String json) throws IOException {
        Map<String, double[]> training = new LinkedHashMap<>();
        Map<String, double[]> sample = new LinkedHashMap<>();
        try (JsonParser parser = EventJson.FACTORY.createParser(json)) {
            object(parser.nextToken());
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (key) {
                    case "scores" -> outputs(parser, value, training);
                    case "sample" -> outputs(parser, value, sample);
                    default -> parser.skipChildren();
                }
            }
        } catch (JsonProcessingException e) {
            throw new IOException("not valid JSON: " + e.getOriginalMessage(), e);
        }
        return new Reference(training, sample);
    }

    private static void object(JsonToken token) throws IOException {
        if (token != JsonToken.START_OBJECT) {
            throw new IOException("expected objects by output");
        }
    }

    private static void outputs(JsonParser parser, JsonToken first, Map<String, double[]> outputs) throws IOException {
        object(first);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String output = parser.currentName();
            object(parser.nextToken());
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean quantiles = parser.currentName().equals("quantiles");
                parser.nextToken();
                if (quantiles) {
                    outputs.put(output, quantiles(parser, output));
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    private static double[] quantiles(JsonParser parser, String output) throws IOException {
        double[] numbers = new double[32];
        int count = 0;
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new IOException("the quantiles of '" + output + "' are no list");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (!parser.currentToken().isNumeric()) {
                throw new IOException("the quantiles of '" + output + "' are no numbers");
            }
            numbers = count == numbers.length ? Arrays.copyOf(numbers, 2 * count) : numbers;
            numbers[count++] = parser.getDoubleValue();
            if (count > 1 && numbers[count - 1] < numbers[count - 2]) {
                throw new IOException("the quantiles of '" + output + "' fall");
            }
        }
        if (count < 2) {
            throw new IOException("the quantiles of '" + output + "' are fewer than two");
        }
        return Arrays.copyOf(numbers, count);
    }

    /**
     * Kolmogorov-Smirnov distance between scores and recorded quantiles, at these: how far the share of scores below a
     * quantile is from what it should be. A score equal to the quantile but for its rounding counts as either.
     *
     * @param scores ascending
     */
    static double distance(double[] scores, double[] quantiles) {
        double greatest = 0;
        for (int q = 0; q < quantiles.length; q++) {
            double wanted = q / (quantiles.length - 1.0);
            double rounding = 1e-5 * Math.abs(quantiles[q]);
            double below = below(scores, quantiles[q] - rounding);
            double upTo = below(scores, quantiles[q] + rounding);
            // Nothing lies below the least recorded score, nothing above the greatest.
            double low = q == 0 ? 0 : wanted;
            double high = q == quantiles.length - 1 ? 1 : wanted;
            greatest = Math.max(greatest, Math.max(below - high, low - upTo));
        }
        return greatest;
    }

    private static double below(double[] scores, double limit) {
        int count = 0;
        while (count < scores.length && scores[count] < limit) {
            count++;
        }
        return (double) count / scores.length;
    }
}
