package io.scorecast.engine.scorer;

import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.engine.problem.Problem;
import java.io.IOException;
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

    /** Writes the checks as a field of a JSON object. */
    public void writeChecks(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("checks");
        for (Check check : checks) {
            out.writeStartObject();
            out.writeStringField("name", check.name());
            out.writeBooleanField("passed", check.passed());
            out.writeStringField("detail", check.detail());
            out.writeNumberField("millis", check.millis());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** Whether the version may be served. */
    public boolean passed() {
        return problems.isEmpty();
    }

    /**
     * One step.
     *
     * @param name what was checked
     * @param passed whether it ran and found no problem
     * @param detail what it saw, in a few words
     * @param millis how long it took
     */
    public record Check(String name, boolean passed, String detail, long millis) {

        private static final String NOT_CHECKED = "not checked: ";

        /** One that was not taken. */
        static Check skipped(String name, String reason) {
            return new Check(name, false, NOT_CHECKED + reason, 0);
        }

        /** Whether it was not taken, for which the detail has the reason: no problem by itself. */
        public boolean isSkipped() {
            return !passed && detail.startsWith(NOT_CHECKED);
        }
    }
}
