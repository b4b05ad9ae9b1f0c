package io.scorecast.server.scoring;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks about one customer.
 *
 * @param at the instant that the scores are as of, epoch milliseconds; null for the instant of the answer
 * @param context events that are used and not stored
 * @param exclude ids and category paths that must not be recommended
 */
public record ScoreRequest(CustomerId customer, @Nullable Long at, List<Event> context, List<String> exclude) {

    public ScoreRequest {
        context = List.copyOf(context);
        exclude = List.copyOf(exclude);
    }

    /** The plain question, whose answer is the same for everyone who asks it. */
    public static ScoreRequest plain(CustomerId customer) {
        return new ScoreRequest(customer, null, List.of(), List.of());
    }

    boolean isPlain() {
        return at == null && context.isEmpty() && exclude.isEmpty();
    }
}
