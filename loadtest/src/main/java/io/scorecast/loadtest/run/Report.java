package io.scorecast.loadtest.run;

import io.scorecast.loadtest.run.Scenario.Part;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** An outcome as a table that a person can read. */
final class Report {

    /** From which on the generator itself is what was slow. */
    private static final double LATE_MILLIS = 2;

    private final PrintWriter out;

    Report(PrintWriter out) {
        this.out = out;
    }

    /** Three digits, and no more of them than that. */
    static String millis(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.2f" : millis < 100 ? "%.1f" : "%.0f", millis);
    }

    /** What was asked of whom, in one line. */
    static String load(Outcome outcome) {
        Scenario scenario = outcome.scenario();
        return String.format(
                Locale.ROOT,
                "%s, %d s, %,d connections, %s",
                pace(scenario.pace()),
                scenario.time().toSeconds(),
                scenario.connections(),
                outcome.where());
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format + " ", values).stripTrailing());
    }

    void print(Outcome outcome) {
        Scenario scenario = outcome.scenario();
        Recorder recorder = outcome.recorder();
        line("%s: %s", scenario.name(), scenario.about());
        line("%s", load(outcome));
        out.println();
        line("%-16s %10s %9s %9s %9s %9s %9s %9s", "ms", "a second", "p50", "p90", "p99", "p99.9", "max", "errors");
        List<Part> parts = scenario.parts();
        double seconds = recorder.secondsToLastAnswer();
        @Nullable Recorder alone = outcome.alone();
        if (alone != null) {
            row("alone", alone.times(), alone.errorCount(), alone.secondsToLastAnswer());
            row(
                    "with " + scenario.with().words(),
                    recorder.times(),
                    recorder.errorCount(),
                    recorder.secondsToLastAnswer());
            out.println();
        }
        for (int i = 0; i < parts.size(); i++) {
            row(parts.get(i).title(), recorder.times(i), recorder.errorCount(i), seconds);
        }
        if (parts.size() > 1) {
            row("all", recorder.times(), recorder.errorCount(), seconds);
        }
        out.println();
        if (alone != null) {
            line("%-16s %s", "beside", outcome.beside());
            line("%-16s %.2f times that of the load alone", "p99", outcome.p99Times());
            if (!alone.caches().isEmpty()) {
                line("%-16s %s", "cache, alone", counts("", alone.caches()));
            }
        }
        line(
                "%-16s %,d sent, %,d answered, %,d errors%s",
                "requests",
                recorder.count(),
                recorder.answered(),
                recorder.errorCount(),
                counts(": ", recorder.errors()));
        line(
                "%-16s %,d fallbacks%s; %,d with models missing",
                "degraded",
                recorder.fallbacks().values().stream()
                        .mapToLong(Long::longValue)
                        .sum(),
                counts(": ", recorder.fallbacks()),
                recorder.degradedCount());
        if (!recorder.caches().isEmpty()) {
            line("%-16s %s", "cache", counts("", recorder.caches()));
        }
        use("service", outcome.service(), recorder);
        use("its Redis", outcome.store(), recorder);
        use("generator", outcome.generator(), recorder);
        generator(scenario, recorder);
    }

    private static String pace(Pace pace) {
        return switch (pace) {
            case Pace.Open open
            when open.from() == open.to() -> String.format(Locale.ROOT, "%,.0f requests a second", open.from());
            case Pace.Open open ->
                String.format(Locale.ROOT, "%,.0f to %,.0f requests a second", open.from(), open.to());
            case Pace.Closed closed -> "as fast as it answers";
        };
    }

    private void row(String title, Histogram times, long errors, double seconds) {
        line(
                "%-16s %,10.0f %9s %9s %9s %9s %9s %,9d",
                title,
                (times.getTotalCount() - errors) / seconds,
                percentile(times, 50),
                percentile(times, 90),
                percentile(times, 99),
                percentile(times, 99.9),
                percentile(times, 100),
                errors);
    }

    private static String percentile(Histogram times, double percentile) {
        return times.getTotalCount() == 0 ? "-" : millis(times.getValueAtPercentile(percentile) / 1e6);
    }

    private static String counts(String before, Map<String, Long> counts) {
        if (counts.isEmpty()) {
            return "";
        }
        List<String> words = counts.entrySet().stream()
                .map(count -> String.format(Locale.ROOT, "%s %,d", count.getKey(), count.getValue()))
                .toList();
        return before + String.join(", ", words);
    }

    private void use(String who, ProcessUse use, Recorder recorder) {
        if (Double.isNaN(use.cpuSeconds()) || use.residentBytes() < 0) {
            return;
        }
        line(
                "%-16s %.3f CPU seconds per 1,000 requests (%.2f cores), %,d MB resident",
                who,
                1_000 * use.cpuSeconds() / Math.max(1, recorder.count()),
                use.cpuSeconds() / recorder.secondsToLastAnswer(),
                use.residentBytes() >> 20);
    }

    private void generator(Scenario scenario, Recorder recorder) {
        if (!(scenario.pace() instanceof Pace.Open) || recorder.late().getTotalCount() == 0) {
            return;
        }
        double late = recorder.late().getValueAtPercentile(99) / 1e6;
        line(
                "%-16s p99 %s ms after the intended time%s; at most %,d waited for a free connection",
                "sent",
                millis(late),
                late > LATE_MILLIS ? " (part of the times above is the generator's own)" : "",
                recorder.mostWaiting());
    }
}
