package io.scorecast.server.audience;

import io.scorecast.server.catalogue.Catalogue;
import io.scorecast.server.store.PredictionStore;
import io.scorecast.server.store.ProfileStore;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What jobs work with.
 *
 * @param profiles null where there is no Redis: only event files can be scored then
 * @param catalogue tells what the shop says of its products, as of the call
 * @param predictions where predictions are kept to warm the cache; null where there is none
 */
public record AudienceTools(
        PinnedScorers scorers,
        Supplier<Catalogue.State> catalogue,
        @Nullable ProfileStore profiles,
        @Nullable PredictionStore predictions,
        Throttle throttle,
        Clock clock) {}
