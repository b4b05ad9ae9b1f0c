package io.scorecast.server.cli;

import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code ./scorecast model promote}. */
@Command(
        name = "promote",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Makes the challenger of a model its champion, and pins it.")
final class ModelPromoteCommand extends ServingCommand {

    @Override
    Map<String, Object> ask(ServingClient service, String path) throws IOException, InterruptedException {
        return service.call("POST", path + "/challenger/promote", "");
    }
}
