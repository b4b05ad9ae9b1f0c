package io.scorecast.server.cli;

import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a service stores of customers, and for how long. */
final class PrivacyOptions {

    @Option(
            names = "--retention-days",
            paramLabel = "DAYS",
            defaultValue = "0",
            description = "Profiles without an event for so long are removed; 0 keeps them. Default: ${DEFAULT-VALUE}")
    private int days;

    @Mixin
    private AttributeOptions attributes;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    PrivacySettings settings() {
        if (days < 0) {
            throw new ParameterException(spec.commandLine(), "--retention-days must be 0 or more, not " + days);
        }
        return new PrivacySettings(attributes.rule(), days == 0 ? null : Duration.ofDays(days));
    }
}
