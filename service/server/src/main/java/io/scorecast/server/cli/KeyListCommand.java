package io.scorecast.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.server.security.ApiKey;
import io.scorecast.server.security.KeyRegistry.Listed;
import io.scorecast.server.security.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./scorecast key list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Lists the keys, without their secrets, which nobody has; last use to ten minutes.")
final class KeyListCommand implements Callable<Integer> {

    private static final int MINUTES = 16;

    @Option(names = "--json", description = "Writes the list as JSON.")
    private boolean json;

    @Mixin
    private RedisOptions redis;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<Listed> keys;
        try (ControlSession session = ControlSession.open(redis)) {
            keys = session.keys().list();
        }
        PrintWriter out = spec.commandLine().getOut();
        Instant now = Instant.now();
        if (json) {
            write(keys, now, out);
        } else {
            print(keys, now, out);
        }
        return 0;
    }

    private static void print(List<Listed> keys, Instant now, PrintWriter out) {
        String row = "%-10s  %-20s  %-8s  %-16s  %-16s  %-16s  %s%n";
        out.printf(row, "ID", "NAME", "STATE", "CREATED", "LAST USED", "EXPIRES", "SCOPES");
        for (Listed listed : keys) {
            ApiKey key = listed.key();
            out.printf(
                    row,
                    key.id(),
                    key.name(),
                    key.state(now),
                    minutes(Instant.ofEpochMilli(key.created())),
                    minutes(listed.lastUsed()),
                    minutes(key.expires() == 0 ? null : Instant.ofEpochMilli(key.expires())),
                    KeyCreateCommand.text(key.scopes()));
        }
    }

    private static String minutes(@Nullable Instant instant) {
        return instant == null
                ? "never"
                : instant.toString().substring(0, MINUTES).replace('T', ' ');
    }

    private static void write(List<Listed> keys, Instant now, PrintWriter out) throws IOException {
        try (JsonGenerator generator = new JsonFactory().createGenerator(out)) {
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            generator.writeStartArray();
            for (Listed listed : keys) {
                ApiKey key = listed.key();
                generator.writeStartObject();
                generator.writeStringField("id", key.id());
                generator.writeStringField("name", key.name());
                generator.writeStringField("state", key.state(now));
                generator.writeArrayFieldStart("scopes");
                for (Scope scope : key.scopes().stream().sorted().toList()) {
                    generator.writeString(scope.text());
                }
                generator.writeEndArray();
                instant("created", key.created(), generator);
                instant("expires", key.expires(), generator);
                instant("revoked", key.revoked(), generator);
                instant("previous_until", key.previousUntil(), generator);
                Instant used = listed.lastUsed();
                instant("last_used", used == null ? 0 : used.toEpochMilli(), generator);
                generator.writeNumberField("rate", key.rate());
                generator.writeNumberField("token_rate", key.tokenRate());
                generator.writeEndObject();
            }
            generator.writeEndArray();
        }
        out.println();
    }

    private static void instant(String name, long millis, JsonGenerator out) throws IOException {
        if (millis != 0) {
            out.writeStringField(name, Instant.ofEpochMilli(millis).toString());
        }
    }
}
