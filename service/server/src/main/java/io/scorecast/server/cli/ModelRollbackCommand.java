package io.scorecast.server.cli;

import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code ./scorecast model rollback}. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Pins the version of a model that served before.")
final class ModelRollbackCommand extends ServingCommand {

    @Override
    Map<String, Object> ask(ServingClient service, String path) throws IOException, InterruptedException {
        return service.call("POST", path + "/rollback", "");
    }
}
