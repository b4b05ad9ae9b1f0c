package io.scorecast.loadtest.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What came of a load.
 *
 * @param where in a few words
 * @param service what the service's own process used, {@link ProcessUse#UNKNOWN} if that is not of this machine
 * @param store the same of its children, which is the embedded Redis
 * @param generator the same of this process
 */
record Outcome(
        Scenario scenario,
        String where,
        Recorder recorder,
        ProcessUse service,
        ProcessUse store,
        ProcessUse generator) {

    double p99Millis() {
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
        return missed;
    }
}
