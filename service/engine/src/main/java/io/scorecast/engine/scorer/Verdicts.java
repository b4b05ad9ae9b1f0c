package io.scorecast.engine.scorer;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of versions that passed the gate, so that they need not be proven again: by checksum, so of exactly
 * those files, and by the same engine, see {@link ScorerLoader#engine}. Used by one thread at a time.
 */
public interface Verdicts {

    /** What the gate said when a folder of this checksum passed; null if that is not known. */
    @Nullable
    GateReport passed(String checksum);

    /**
     * Remembers.
     *
     * @param report of a folder that passed every proof
     */
    void keep(GateReport report);

    /** For as long as the process runs. */
    static Verdicts inMemory() {
        Map<String, GateReport> reports = new HashMap<>();
        return new Verdicts() {
            @Override
            public @Nullable GateReport passed(String checksum) {
                return reports.get(checksum);
            }

            @Override
            public void keep(GateReport report) {
                reports.put(report.checksum(), report);
            }
        };
    }
}
