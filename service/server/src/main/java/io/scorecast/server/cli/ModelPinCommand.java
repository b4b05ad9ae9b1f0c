package io.scorecast.server.cli;

import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./scorecast model pin}. */
@Command(
        name = "pin",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Serves one version of a model until told otherwise, on all instances.")
final class ModelPinCommand extends ServingCommand {

    @Parameters(index = "1", paramLabel = "V", description = "The version.")
    private int version;

    @Override
    Map<String, Object> ask(ServingClient service, String path) throws IOException, InterruptedException {
        return service.call("PUT", path + "/pin", "{\"version\": " + version + "}");
    }
}
