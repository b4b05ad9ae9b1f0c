package io.scorecast.server.cli;

import io.scorecast.server.ingest.AttributeRule;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which attributes are stored, by every command that stores events. */
final class AttributeOptions {

    @Option(
            names = "--attributes-allowed",
            paramLabel = "PATH",
            split = ",",
            description =
                    "The attributes of events that are stored, each with all beneath it; others are left out, with a"
                            + " warning. Default: all")
    private @Nullable List<String> allowed;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    AttributeRule rule() {
        List<String> paths = allowed;
        if (paths == null) {
            return AttributeRule.ALL;
        }
        try {
            return AttributeRule.only(paths);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--attributes-allowed: " + e.getMessage(), e);
        }
    }
}
