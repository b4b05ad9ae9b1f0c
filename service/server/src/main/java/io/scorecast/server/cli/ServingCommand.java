package io.scorecast.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks a running service to serve another version of a model, and prints what serves then. */
abstract class ServingCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "M", description = "The model's name, or policy.")
    private String model;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "The service. Default: ${DEFAULT-VALUE}")
    private String url;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "${env:SCORECAST_KEY}",
            description = "A key with scope models, where the service asks for one. Default: SCORECAST_KEY in the"
                    + " environment")
    private @Nullable String key;

    @Spec
    private CommandSpec spec;

    /**
     * Asks.
     *
     * @param path of the model
     */
    abstract Map<String, Object> ask(ServingClient service, String path) throws IOException, InterruptedException;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (ServingClient service = new ServingClient(address(), key)) {
            print(ask(service, "/v1/models/" + URLEncoder.encode(model, StandardCharsets.UTF_8)));
        }
        return 0;
    }

    private URI address() {
        try {
            URI address = URI.create(url);
            if (address.getHost() != null && List.of("http", "https").contains(address.getScheme())) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new ParameterException(spec.commandLine(), "--url '" + url + "' is no http:// or https:// address");
    }

    private void print(Map<String, Object> answer) {
        PrintWriter out = spec.commandLine().getOut();
        Object live = answer.get("live");
        out.printf(
                "%s %s%s%n",
                model,
                live == null ? "has no version that serves" : live + " serves",
                answer.containsKey("pinned") ? ", pinned" : "");
        if (answer.get("versions") instanceof List<?> versions) {
            versions.forEach(version -> print(version, out));
        }
    }

    private static void print(@Nullable Object version, PrintWriter out) {
        if (version instanceof Map<?, ?> fields) {
            out.printf("%7s  %-10s", fields.get("version"), fields.get("state"));
            if (fields.get("since") != null) {
                out.print("  since " + fields.get("since"));
            }
            if (fields.get("instances") instanceof List<?> instances) {
                out.print("  on "
                        + String.join(
                                ", ", instances.stream().map(String::valueOf).toList()));
            }
            out.println();
        }
    }
}
