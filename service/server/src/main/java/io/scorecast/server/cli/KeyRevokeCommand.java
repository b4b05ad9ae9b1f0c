package io.scorecast.server.cli;

import io.scorecast.server.security.ApiKey;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./scorecast key revoke}. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Ends a key and every token signed with it, on all instances within a second.")
final class KeyRevokeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "KEY", description = "The id or the name of the key.")
    private String key;

    @Mixin
    private RedisOptions redis;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (ControlSession session = ControlSession.open(redis)) {
            ApiKey revoked = session.keys().revoke(key);
            session.record("key.revoked", revoked.name(), "");
            spec.commandLine().getOut().println("Key '" + revoked.name() + "' is revoked");
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
        return 0;
    }
}
