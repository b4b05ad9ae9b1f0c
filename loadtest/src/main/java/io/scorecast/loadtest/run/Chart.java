package io.scorecast.loadtest.run;

import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** Latency over time as an SVG: median, p99 and the slowest request of each sixtieth of the load, on a logarithmic scale. */
final class Chart {

    private static final int WIDTH = 840;
    private static final int HEIGHT = 380;
    private static final int LEFT = 64;
    private static final int RIGHT = 90;
    private static final int TOP = 56;
    private static final int BOTTOM = 46;

    private final Outcome outcome;
    private final StringBuilder svg = new StringBuilder();
    private final double lowest;
    private final double highest;

    private Chart(Outcome outcome) {
        this.outcome = outcome;
        double least = Double.MAX_VALUE;
        double most = 0;
        for (int i = 0; i < Recorder.SLICES; i++) {
            Histogram slice = outcome.recorder().slice(i);
            if (slice.getTotalCount() > 0) {
                least = Math.min(least, slice.getValueAtPercentile(50) / 1e6);
                most = Math.max(most, slice.getMaxValue() / 1e6);
            }
        }
        double objective = outcome.scenario().objectives().p99Millis();
        this.lowest = Math.pow(10, Math.floor(Math.log10(most == 0 ? 1 : least)));
        this.highest = Math.pow(
                10, Math.ceil(Math.log10(Math.max(10 * lowest, Math.max(most, objective > 0 ? objective : 0)))));
    }

    static String svg(Outcome outcome) {
        return new Chart(outcome).draw();
    }

    private String draw() {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH, HEIGHT);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, HEIGHT);
        Scenario scenario = outcome.scenario();
        text(LEFT, 22, "start", "#111", 15, "Latency over time: " + scenario.name());
        text(LEFT, 40, "start", "#555", 12, Report.load(outcome));
        axes();
        double objective = scenario.objectives().p99Millis();
        if (objective > 0) {
            add(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#888\" stroke-dasharray=\"2 4\"/>",
                    LEFT, WIDTH - RIGHT, y(objective), y(objective));
            text(WIDTH - RIGHT - 4, y(objective) - 4, "end", "#666", 11, "objective for p99");
        }
        curve("slowest", TOP, "#b8b8b8", slice -> slice.getMaxValue());
        curve("p99", TOP + 20, "#c2410c", slice -> slice.getValueAtPercentile(99));
        curve("median", TOP + 40, "#1d4ed8", slice -> slice.getValueAtPercentile(50));
        add("</svg>");
        return svg.toString();
    }

    private void axes() {
        for (double at = lowest; at <= highest * 1.001; at *= 10) {
            add(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>",
                    LEFT, WIDTH - RIGHT, y(at), y(at));
            text(
                    LEFT - 8,
                    y(at) + 4,
                    "end",
                    "#555",
                    12,
                    at < 1 ? String.format(Locale.ROOT, "%.2g ms", at) : String.format(Locale.ROOT, "%,.0f ms", at));
        }
        double seconds = outcome.recorder().seconds();
        for (int i = 0; i <= 6; i++) {
            double x = LEFT + i / 6.0 * (WIDTH - LEFT - RIGHT);
            text(
                    x,
                    HEIGHT - BOTTOM + 18,
                    "middle",
                    "#555",
                    12,
                    String.format(Locale.ROOT, seconds < 60 ? "%.1f" : "%.0f", seconds * i / 6));
        }
        text(
                (LEFT + WIDTH - RIGHT) / 2.0,
                HEIGHT - 8,
                "middle",
                "#555",
                12,
                "seconds (by the time a request was to leave)");
    }

    private void curve(String name, int labelTop, String colour, ToDoubleFunction<Histogram> nanos) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < Recorder.SLICES; i++) {
            Histogram slice = outcome.recorder().slice(i);
            if (slice.getTotalCount() > 0) {
                double x = LEFT + (i + 0.5) / Recorder.SLICES * (WIDTH - LEFT - RIGHT);
                double millis = nanos.applyAsDouble(slice) / 1e6;
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y(millis)));
            }
        }
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\"/>",
                points.toString().strip(), colour);
        text(WIDTH - RIGHT + 8, labelTop + 10, "start", colour, 12, "— " + name);
    }

    private double y(double millis) {
        double share = Math.log10(Math.max(millis, lowest) / lowest) / Math.log10(highest / lowest);
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    private void text(double x, double y, String anchor, String colour, int size, String text) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\" font-size=\"%d\">%s</text>",
                x, y, anchor, colour, size, text.replace("&", "&amp;").replace("<", "&lt;"));
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format + "\n", values));
    }
}
