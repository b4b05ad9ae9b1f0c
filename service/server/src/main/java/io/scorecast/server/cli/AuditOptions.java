package io.scorecast.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How customers stand in the audit record. */
final class AuditOptions {

    @Option(
            names = "--audit-key",
            paramLabel = "TEXT",
            description =
                    "Secret for the hashes of customers in the audit record, the same on all instances. Default: a"
                            + " random one, kept in Redis")
    private @Nullable String key;

    /** Null for a random one that instances share. */
    @Nullable
    String key() {
        return key;
    }
}
