package io.scorecast.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.scorer.GateReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Shows what the gate found: every check, every problem, every warning. */
final class GateReports {

    private GateReports() {}

    static void print(GateReport report, PrintWriter out) {
        out.println(report.folder());
        for (GateReport.Check check : report.checks()) {
            out.printf(
                    Locale.ROOT,
                    "  %-7s %-30s %6d ms  %s%n",
                    check.passed() ? "ok" : check.isSkipped() ? "skipped" : "FAILED",
                    check.name(),
                    check.millis(),
                    check.detail());
        }
        report.problems().forEach(problem -> out.println("  problem: " + indented(problem)));
        report.warnings().forEach(warning -> out.println("  warning: " + warning));
        if (report.passed()) {
            out.println(report.folder() + " passes: it can be served");
        }
    }

    private static String indented(Problem problem) {
        return problem.toString().replace("\n", "\n    ");
    }

    /** One line for standard error. */
    static String refusal(GateReport report) {
        List<Problem> problems = report.problems();
        Problem first = problems.getFirst();
        Problem line = new Problem(first.source(), first.line(), first.column(), first.message(), "");
        return report.folder() + " is refused: "
                + (problems.size() == 1 ? "" : problems.size() + " problems, the first: ") + line;
    }

    static void write(GateReport report, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("folder", report.folder());
        json.writeBooleanField("passed", report.passed());
        json.writeStringField("checksum", report.checksum());
        report.writeChecks(json);
        write(report.problems(), json);
        json.writeArrayFieldStart("warnings");
        for (String warning : report.warnings()) {
            json.writeString(warning);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    static void write(List<Problem> problems, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("problems");
        for (Problem problem : problems) {
            json.writeStartObject();
            json.writeStringField("source", problem.source());
            if (problem.line() > 0) {
                json.writeNumberField("line", problem.line());
                json.writeNumberField("column", problem.column());
            }
            json.writeStringField("message", problem.message());
            if (!problem.snippet().isEmpty()) {
                json.writeStringField("snippet", problem.snippet());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
