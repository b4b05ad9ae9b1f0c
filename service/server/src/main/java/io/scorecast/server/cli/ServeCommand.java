package io.scorecast.server.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./scorecast serve}. */
@Command(
        name = "serve",
        description = "Serves scores over HTTP until it is stopped.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ServeCommand implements Callable<Integer> {

    @Mixin
    private ServiceOptions service;

    @Mixin
    private RedisOptions redis;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Service running = Service.start(service.settings(redis.store(), redis.fsync(), redis.data()))) {
            running.announce(spec.commandLine().getOut());
            running.awaitStop();
        }
        return 0;
    }
}
