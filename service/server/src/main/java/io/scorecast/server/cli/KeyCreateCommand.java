package io.scorecast.server.cli;

import io.scorecast.server.security.ApiKey;
import io.scorecast.server.security.KeyRegistry.Made;
import io.scorecast.server.security.Scope;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./scorecast key create}. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes a key and writes it, and nothing else, on standard output. It is shown this once: the service keeps a"
                    + " hash of it.",
            "The first key turns keys on, also on loopback."
        })
final class KeyCreateCommand implements Callable<Integer> {

    private static final int MAX_RATE = 1_000_000;

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            required = true,
            split = ",",
            description = "What it is for, several between commas: scores:read, events:write, audiences, models,"
                    + " customers, or admin for everything.")
    private List<String> scopes;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "For people and the audit record. Default: made of the scopes")
    private @Nullable String name;

    @Option(
            names = "--expires",
            paramLabel = "SPAN",
            converter = LifetimeConverter.class,
            description = "When it ends: 90d. Default: never")
    private @Nullable Duration expires;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Requests a second that each instance takes; 0 for any number. Default: ${DEFAULT-VALUE}")
    private int rate;

    @Option(
            names = "--token-rate",
            paramLabel = "N",
            defaultValue = "1000",
            description = "The same for tokens signed with it. Default: ${DEFAULT-VALUE}")
    private int tokenRate;

    @Mixin
    private RedisOptions redis;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Set<Scope> wanted = EnumSet.noneOf(Scope.class);
        try {
            scopes.forEach(scope -> wanted.add(Scope.of(scope)));
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        if (rate < 0 || rate > MAX_RATE || tokenRate < 0 || tokenRate > MAX_RATE) {
            throw wrong("--rate and --token-rate must be from 0 to " + MAX_RATE);
        }
        if (expires != null && expires.isZero()) {
            throw wrong("--expires must be more than 0");
        }
        if (name != null && !name.matches("[\\w.@ +-]{1,64}")) {
            throw wrong("--name takes 1 to 64 letters, digits, blanks and any of . @ + - _");
        }
        try (ControlSession session = ControlSession.open(redis)) {
            Made made = session.keys()
                    .create(name == null ? freeName(session, wanted) : name, wanted, expires, rate, tokenRate);
            session.record(
                    "key.created",
                    made.key().name(),
                    "scopes " + text(made.key().scopes()));
            say(made);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
        return 0;
    }

    private void say(Made made) {
        ApiKey key = made.key();
        spec.commandLine()
                .getErr()
                .println("Key '" + key.name() + "', id " + key.id() + ", for " + text(key.scopes()) + ", "
                        + (key.expires() == 0 ? "without an end" : "until " + Instant.ofEpochMilli(key.expires()))
                        + ". It is shown this once:");
        spec.commandLine().getOut().println(made.text().text());
    }

    /** The scopes, with a number where that name is taken. */
    private static String freeName(ControlSession session, Set<Scope> scopes) {
        Set<String> taken = session.keys().list().stream()
                .map(listed -> listed.key().name())
                .collect(Collectors.toSet());
        String base =
                scopes.stream().map(scope -> scope.text().replace(':', '-')).collect(Collectors.joining("+"));
        String free = base;
        for (int i = 2; taken.contains(free); i++) {
            free = base + "-" + i;
        }
        return free;
    }

    static String text(Set<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::text).collect(Collectors.joining(", "));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
