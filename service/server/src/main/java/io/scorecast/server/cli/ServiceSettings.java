package io.scorecast.server.cli;

import io.scorecast.engine.scorer.ScorerSettings;
import io.scorecast.server.scoring.ScoringSettings;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a service is started with.
 *
 * @param host the address to listen on
 * @param port 0 for any free one
 * @param models the model repository
 * @param redis null for the embedded one
 * @param data where the embedded Redis keeps its files
 */
record ServiceSettings(
        String host,
        int port,
        Path models,
        @Nullable URI redis,
        Path data,
        ScorerSettings scorer,
        ScoringSettings scoring) {}
