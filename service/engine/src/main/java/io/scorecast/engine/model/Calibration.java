package io.scorecast.engine.model;

import java.util.Arrays;

/** Turns what a model says into the number that is published, before it is clamped to the output's range and rounded. */
public sealed interface Calibration {

    /**
     * The calibrated number.
     *
     * @param raw what the library's {@code predict} returned
     * @param margin the number before the link function where the model has one, else the log-odds of {@code raw}
     */
    double apply(double raw, double margin);

    /** The raw prediction itself. */
    record None() implements Calibration {
        @Override
        public double apply(double raw, double margin) {
            return raw;
        }
    }

    /** {@code p = 1 / (1 + exp(a·margin + b))}. */
    record Platt(double a, double b) implements Calibration {
        @Override
        public double apply(double raw, double margin) {
            return 1 / (1 + Math.exp(a * margin + b));
        }
    }

    /** Linear between the points (x, y) over the raw prediction, constant outside them. */
    final class Isotonic implements Calibration {

        private final double[] x;
        private final double[] y;

        /** Takes at least one point: {@code x} ascending strictly, {@code y} never falling. */
        public Isotonic(double[] x, double[] y) {
            this.x = x.clone();
            this.y = y.clone();
        }

        @Override
        public double apply(double raw, double margin) {
            if (Double.isNaN(raw)) {
                return raw;
            }
            int found = Arrays.binarySearch(x, raw);
            if (found >= 0) {
                return y[found];
            }
            int above = -found - 1;
            if (above == 0) {
                return y[0];
            }
            if (above == x.length) {
                return y[y.length - 1];
            }
            double slope = (y[above] - y[above - 1]) / (x[above] - x[above - 1]);
            return y[above - 1] + slope * (raw - x[above - 1]);
        }
    }
}
