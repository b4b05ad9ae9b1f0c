package io.scorecast.server.cli;

import io.scorecast.server.audience.AudienceSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a service does with audiences. */
final class AudienceOptions {

    @Option(
            names = "--audience-files",
            paramLabel = "DIR",
            description =
                    "The folder of the id files and presets that requests may name. Default: files in the data folder")
    private @Nullable Path files;

    @Option(
            names = "--audience-days",
            paramLabel = "DAYS",
            defaultValue = "" + AudienceSettings.DEFAULT_DAYS,
            description = "How long finished audiences are kept. Default: ${DEFAULT-VALUE}")
    private int days;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    AudienceSettings settings(Path data) {
        if (days < 1) {
            throw new ParameterException(spec.commandLine(), "--audience-days must be 1 or more, not " + days);
        }
        Path named = files;
        return new AudienceSettings(
                data.resolve(AudienceSettings.FOLDER),
                named == null ? data.resolve("files") : named,
                Duration.ofDays(days));
    }
}
