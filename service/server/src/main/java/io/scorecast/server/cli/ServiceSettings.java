package io.scorecast.server.cli;

import io.scorecast.engine.scorer.ScorerSettings;
import io.scorecast.server.audience.AudienceSettings;
import io.scorecast.server.scoring.ScoringSettings;
import io.scorecast.server.store.Fsync;
import io.scorecast.server.store.StoreSettings;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a service is started with.
 *
 * @param host the address to listen on
 * @param port 0 for any free one
 * @param models the model repository
 * @param store where profiles are; {@link #EMBEDDED} for a Redis of our own
 * @param data where the embedded Redis keeps its files
 * @param fsync when the embedded Redis writes through to the disk
 */
record ServiceSettings(
        String host,
        int port,
        Path models,
        StoreSettings store,
        Path data,
        Fsync fsync,
        ScorerSettings scorer,
        ScoringSettings scoring,
        AudienceSettings audiences,
        AccessSettings access,
        PrivacySettings privacy) {

    /** In place of a URL: the service starts a Redis of its own. */
    static final URI EMBEDDED = URI.create("redis://embedded");

    /** With the store at its defaults; null for the embedded one. */
    ServiceSettings(
            String host,
            int port,
            Path models,
            @Nullable URI redis,
            Path data,
            ScorerSettings scorer,
            ScoringSettings scoring) {
        this(
                host,
                port,
                models,
                StoreSettings.of(redis == null ? EMBEDDED : redis),
                data,
                Fsync.EVERYSEC,
                scorer,
                scoring,
                AudienceSettings.in(data),
                AccessSettings.DEFAULT,
                PrivacySettings.DEFAULT);
    }

    ServiceSettings store(StoreSettings other) {
        return new ServiceSettings(host, port, models, other, data, fsync, scorer, scoring, audiences, access, privacy);
    }

    ServiceSettings access(AccessSettings other) {
        return new ServiceSettings(host, port, models, store, data, fsync, scorer, scoring, audiences, other, privacy);
    }

    ServiceSettings privacy(PrivacySettings other) {
        return new ServiceSettings(host, port, models, store, data, fsync, scorer, scoring, audiences, access, other);
    }
}
