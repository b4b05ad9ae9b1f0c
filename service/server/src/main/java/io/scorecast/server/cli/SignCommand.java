package io.scorecast.server.cli;

import io.scorecast.server.security.SecretKeyText;
import io.scorecast.server.security.SignedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./scorecast sign}. */
@Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Signs a token for callers that can send no header, and writes it on standard output: add it to a URL as"
                    + " token=…. It reads scores and does nothing else, and one serves a whole send.",
            "Asks no service. It ends with its time, or when its key is revoked."
        })
final class SignCommand implements Callable<Integer> {

    @Option(
            names = "--key",
            paramLabel = "KEY",
            required = true,
            description = "The key, as key create wrote it, with scope scores:read; - reads it from standard input.")
    private String key;

    @Option(
            names = "--path",
            paramLabel = "PATH",
            defaultValue = "/v1/scores",
            description = "Where paths must begin. Default: ${DEFAULT-VALUE}, also for ?customer_id=")
    private String path;

    @Option(
            names = "--expires",
            paramLabel = "SPAN",
            required = true,
            converter = LifetimeConverter.class,
            description = "How long it counts: 7d, 12h.")
    private Duration expires;

    @Option(
            names = "--parameters",
            paramLabel = "NAME",
            split = ",",
            description = "The parameters that a query may have beside it, between commas. Default: customer_id, field,"
                    + " format, limit, models")
    private @Nullable List<String> parameters;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String text = key.equals("-") ? readKey() : key;
        SecretKeyText secret = SecretKeyText.parse(text.strip());
        if (secret == null) {
            throw new ParameterException(spec.commandLine(), "--key is no key; expected sc_… as key create wrote it");
        }
        if (expires.isZero()) {
            throw new ParameterException(spec.commandLine(), "--expires must be more than 0");
        }
        try {
            Set<String> allowed = Set.copyOf(parameters == null ? SignedToken.USUAL_PARAMETERS : parameters);
            spec.commandLine()
                    .getOut()
                    .println(SignedToken.sign(secret, path, Instant.now().plus(expires), allowed));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        return 0;
    }

    private static String readKey() {
        return new java.util.Scanner(System.in, java.nio.charset.StandardCharsets.UTF_8).nextLine();
    }
}
