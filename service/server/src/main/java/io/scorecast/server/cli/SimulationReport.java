package io.scorecast.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.server.audience.SimulationResult;
import io.scorecast.server.audience.SimulationResult.Idle;
import io.scorecast.server.audience.SimulationResult.Move;
import io.scorecast.server.audience.SimulationResult.Overlap;
import io.scorecast.server.audience.SimulationResult.Size;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a simulation found, for people and for programs. */
final class SimulationReport {

    /** More of them tell people nothing; in JSON are all. */
    private static final int SHOWN = 20;

    private SimulationReport() {}

    static void print(SimulationResult result, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%,d customers as of %s; %,d opted out, %,d without an event then%n",
                result.scored(),
                Instant.ofEpochMilli(result.at()),
                result.optedOut(),
                result.unknown());
        if (result.bad() > 0) {
            out.printf(Locale.ROOT, "%,d rows could not be read%n", result.bad());
        }
        sizes("segment", result.segmentSizes(), out);
        sizes("decision", result.decisionSizes(), out);
        section("in both segments", result.overlaps().size(), out);
        for (Overlap overlap : first(result.overlaps())) {
            out.printf(
                    Locale.ROOT,
                    "  %,12d  %s (%s of them) and %s (%s)%n",
                    overlap.both(),
                    overlap.one(),
                    share(overlap.both(), overlap.inOne()),
                    overlap.other(),
                    share(overlap.both(), overlap.inOther()));
        }
        moves("move from segment to segment", result.segmentMoves(), out);
        moves("move from decision to decision", result.decisionMoves(), out);
        section("rules that make no difference", result.idle().size(), out);
        for (Idle idle : result.idle()) {
            out.printf("  %s: %s%n", idle.rule(), idle.why());
        }
    }

    private static <T> List<T> first(List<T> all) {
        return all.subList(0, Math.min(SHOWN, all.size()));
    }

    private static void section(String title, int count, PrintWriter out) {
        out.printf("%n%s%s%n", title, count == 0 ? ": none" : count > SHOWN ? ", of " + count + " the largest" : "");
    }

    private static String share(long part, long of) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / Math.max(1, of));
    }

    private static void sizes(String kind, List<Size> sizes, PrintWriter out) {
        int width = sizes.stream().mapToInt(size -> size.name().length()).max().orElse(0);
        String format = "  %-" + Math.max(width, kind.length()) + "s %12s %12s %12s%n";
        out.printf("%n" + format, kind, "now", "then", "difference");
        for (Size size : sizes) {
            Long now = size.now();
            Long then = size.then();
            out.printf(
                    format,
                    size.name(),
                    number(now),
                    number(then),
                    now == null || then == null ? "" : String.format(Locale.ROOT, "%+,d", then - now));
        }
    }

    private static String number(@Nullable Long count) {
        return count == null ? "-" : String.format(Locale.ROOT, "%,d", count);
    }

    private static void moves(String title, List<Move> moves, PrintWriter out) {
        section(title, moves.size(), out);
        for (Move move : first(moves)) {
            out.printf(Locale.ROOT, "  %,12d  %s -> %s%n", move.customers(), move.from(), move.to());
        }
    }

    static void write(SimulationResult result, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("at", Instant.ofEpochMilli(result.at()).toString());
        json.writeNumberField("customers", result.scored());
        json.writeNumberField("opted_out", result.optedOut());
        json.writeNumberField("unknown", result.unknown());
        json.writeNumberField("bad_rows", result.bad());
        sizes("segments", result.segmentSizes(), json);
        sizes("decisions", result.decisionSizes(), json);
        json.writeArrayFieldStart("overlaps");
        for (Overlap overlap : result.overlaps()) {
            json.writeStartObject();
            json.writeStringField("one", overlap.one());
            json.writeStringField("other", overlap.other());
            json.writeNumberField("both", overlap.both());
            json.writeEndObject();
        }
        json.writeEndArray();
        moves("segment_moves", result.segmentMoves(), json);
        moves("decision_moves", result.decisionMoves(), json);
        json.writeArrayFieldStart("no_difference");
        for (Idle idle : result.idle()) {
            json.writeStartObject();
            json.writeStringField("rule", idle.rule());
            json.writeStringField("why", idle.why());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void sizes(String name, List<Size> sizes, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (Size size : sizes) {
            json.writeStartObject();
            json.writeStringField("name", size.name());
            Long now = size.now();
            Long then = size.then();
            if (now != null) {
                json.writeNumberField("now", now);
            }
            if (then != null) {
                json.writeNumberField("then", then);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void moves(String name, List<Move> moves, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (Move move : moves) {
            json.writeStartObject();
            json.writeStringField("from", move.from());
            json.writeStringField("to", move.to());
            json.writeNumberField("customers", move.customers());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
