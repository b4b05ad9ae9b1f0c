package io.scorecast.server.cli;

import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code ./scorecast model unpin}. */
@Command(
        name = "unpin",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Serves the highest valid version of a model again.")
final class ModelUnpinCommand extends ServingCommand {

    @Override
    Map<String, Object> ask(ServingClient service, String path) throws IOException, InterruptedException {
        return service.call("DELETE", path + "/pin", "");
    }
}
