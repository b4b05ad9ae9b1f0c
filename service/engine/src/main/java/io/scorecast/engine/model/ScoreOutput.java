package io.scorecast.engine.model;

import java.util.List;

/**
 * One number per customer.
 *
 * @param column of the tensor's row
 * @param low the least that is published; a calibrated score below it is published as this
 * @param high the greatest that is published
 * @param fallback what is published for a customer whom the model cannot score
 */
public record ScoreOutput(
        String name,
        Kind kind,
        String horizon,
        String tensor,
        int column,
        Calibration calibration,
        double low,
        double high,
        Bands bands,
        Percentiles percentiles,
        double fallback)
        implements OutputSpec {

    /** What the number means. */
    public enum Kind {
        /** Of something happening within the horizon, 0 to 1. */
        PROBABILITY,
        /** An amount or a number of things. */
        VALUE
    }

    @Override
    public List<String> fields() {
        return List.of(name, bandField(), percentileField());
    }

    /** The field with the band's name. */
    public String bandField() {
        return name + "_band";
    }

    /** The field with the percentile. */
    public String percentileField() {
        return name + "_percentile";
    }

    /** Calibrated, neither clamped nor rounded; NaN if the model's answer is not finite. */
    public double calibrated(double raw, double margin) {
        double score = calibration.apply(raw, margin);
        return Double.isFinite(score) ? score : Double.NaN;
    }

    /** What is published: calibrated, clamped to the range, six significant digits; NaN if the model's answer is not finite. */
    public double published(double raw, double margin) {
        return Rounding.sixDigits(Math.min(high, Math.max(low, calibrated(raw, margin))));
    }
}
