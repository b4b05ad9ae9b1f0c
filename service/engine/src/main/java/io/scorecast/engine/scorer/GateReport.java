package io.scorecast.engine.scorer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.engine.problem.Problem;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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

    private static final JsonFactory FACTORY = new JsonFactory();

    public GateReport {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
        checks = List.copyOf(checks);
    }

    /** As JSON, on several lines. */
    public String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            out.useDefaultPrettyPrinter();
            write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Writes the report as one object. */
    public void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("folder", folder);
        out.writeStringField("checksum", checksum);
        out.writeBooleanField("passed", passed());
        out.writeArrayFieldStart("problems");
        for (Problem problem : problems) {
            out.writeStartObject();
            out.writeStringField("source", problem.source());
            out.writeNumberField("line", problem.line());
            out.writeNumberField("column", problem.column());
            out.writeStringField("message", problem.message());
            out.writeStringField("snippet", problem.snippet());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("warnings");
        for (String warning : warnings) {
            out.writeString(warning);
        }
        out.writeEndArray();
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
        out.writeEndObject();
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
    public record Check(String name, boolean passed, String detail, long millis) {}
}
