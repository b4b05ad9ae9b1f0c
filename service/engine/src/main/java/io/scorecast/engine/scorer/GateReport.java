package io.scorecast.engine.scorer;

import io.scorecast.engine.problem.Problem;
import java.util.List;

/**
 * What the gate found about a version folder.
 *
 * @param folder the folder as {@code model/version}
 * @param checksum SHA-256 of its SHA256SUMS; empty if it could not be read
 * @param problems every reason not to serve it
 * @param warnings what its author should know
 * @param checks what was checked, in order
 */
public record GateReport(
        String folder, String checksum, List<Problem> problems, List<String> warnings, List<Check> checks) {

    public GateReport {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
        checks = List.copyOf(checks);
    }

    /** Whether the version may be served. */
    public boolean passed() {
        return problems.isEmpty();
    }

    /**
     * One step.
     *
     * @param name what was checked
     * @param passed whether it found no problem
     * @param detail what it saw, in a few words
     * @param millis how long it took
     */
    public record Check(String name, boolean passed, String detail, long millis) {}
}
