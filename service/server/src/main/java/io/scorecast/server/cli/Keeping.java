package io.scorecast.server.cli;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.scorecast.server.audience.AudienceJobs;
import io.scorecast.server.scoring.Retention;
import io.scorecast.server.scoring.ScoreService;
import io.scorecast.server.security.AuditLog;
import io.scorecast.server.store.RedisStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

/** Has profiles removed in time, counts them, and puts on record that they went. */
final class Keeping {

    private Keeping() {}

    /** Begins, by settings that say how long profiles are kept. */
    static Retention start(
            ServiceSettings settings,
            RedisStore store,
            ScoreService scores,
            AudienceJobs audiences,
            AuditLog audit,
            MeterRegistry registry,
            Clock clock) {
        Duration keep = Objects.requireNonNull(settings.privacy().retention());
        Counter removed = Counter.builder("scorecast.profiles.expired")
                .description("Profiles removed because their newest event was older than --retention-days")
                .register(registry);
        Retention retention = new Retention(
                keep,
                new Retention.Stores(store, store.control()),
                settings.scorer().sourcePriority(),
                scores::written,
                audiences::erase,
                Service.instanceName(),
                clock,
                sweep -> {
                    removed.increment((double) (sweep.removed() + sweep.objections()));
                    if (sweep.removed() + sweep.objections() > 0) {
                        audit.record("retention", "customers.expired", "", "done", describe(sweep));
                    }
                });
        retention.start();
        return retention;
    }

    private static String describe(Retention.Sweep sweep) {
        return sweep.removed() + " profiles without an event since " + sweep.before() + " removed, of "
                + sweep.objections() + " the objection is left";
    }
}
