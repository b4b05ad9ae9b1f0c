package io.scorecast.loadtest.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came of a load.
 *
 * @param where in a few words
 * @param service what the service's own process used, {@link ProcessUse#UNKNOWN} if that is not of this machine
 * @param store the same of its children, which is the embedded Redis
 * @param generator the same of this process
 * @param alone what came of the load before, without its companion; null if it has none
 * @param beside what the companion did; empty if there is none
 */
record Outcome(
        Scenario scenario,
        String where,
        Recorder recorder,
        ProcessUse service,
        ProcessUse store,
        ProcessUse generator,
        @Nullable Recorder alone,
        String beside) {

    double p99Millis() {
        return p99Millis(recorder);
    }

    /** The same, with what came of the load before. */
    Outcome after(Outcome before, String companion) {
        return new Outcome(scenario, where, recorder, service, store, generator, before.recorder, companion);
    }

    /** The p99 with the companion, as so many times that of the load alone; NaN if there is none. */
    double p99Times() {
        return alone == null ? Double.NaN : p99Millis() / p99Millis(alone);
    }

    private static double p99Millis(Recorder recorder) {
        return recorder.times().getValueAtPercentile(99) / 1e6;
    }

    /** Which objectives were missed, and by what; empty if none. */
    List<String> missed() {
        List<String> missed = new ArrayList<>();
        Scenario.Objectives objectives = scenario.objectives();
        if (p99Millis() > objectives.p99Millis()) {
            missed.add(String.format(
                    Locale.ROOT, "p99 is %s ms, not %s or less", Report.millis(p99Millis()), objectives.p99Millis()));
        }
        if (objectives.errors() >= 0 && recorder.errorCount() > objectives.errors()) {
            missed.add(recorder.errorCount() + " errors, not " + objectives.errors() + " or fewer");
        }
        if (p99Times() > objectives.p99Times()) {
            missed.add(String.format(
                    Locale.ROOT,
                    "p99 is %.2f times that of the load alone, not %s or less",
                    p99Times(),
                    objectives.p99Times()));
        }
        return missed;
    }
}
