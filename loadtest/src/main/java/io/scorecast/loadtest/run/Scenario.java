package io.scorecast.loadtest.run;

import java.time.Duration;
import java.util.List;

/**
 * A load, as its file and the command line state it.
 *
 * @param about one line for people
 * @param bare whether it asks a bare Netty server with a fixed body, and not Scorecast, where no URL is given
 * @param bodyBytes of that fixed body
 * @param connections that are kept alive
 * @param patience how long an answer is waited for
 */
record Scenario(
        String name,
        String about,
        boolean bare,
        int bodyBytes,
        int customers,
        int eventsEach,
        Choice choice,
        Pace pace,
        Duration warmUp,
        Duration time,
        int connections,
        Duration patience,
        List<Part> parts,
        Objectives objectives) {

    Scenario {
        parts = List.copyOf(parts);
    }

    /**
     * One kind of request among those of a load.
     *
     * @param share of all requests, relative to the others' shares
     * @param size customers or events in one request
     */
    record Part(Call call, double share, int size) {

        String title() {
            return size == 1 ? call.word() : call.word() + " of " + size;
        }
    }

    /**
     * Who is asked for.
     *
     * @param order in which customers come
     * @param times how often each one is asked for in a row of requests
     * @param within what time the last of these follows the first
     */
    record Choice(Order order, int times, Duration within) {}

    /** In which order customers are asked for. */
    enum Order {
        /** Each as likely as any other. */
        UNIFORM,
        /** The n-th as likely as 1/n. */
        ZIPF,
        /** One after the other, beginning anew after the last. */
        IN_TURN
    }

    /**
     * What has to hold; what is not finite (or negative) is not asked for.
     *
     * @param p99Millis at most, over all requests
     * @param errors at most
     */
    record Objectives(double p99Millis, long errors) {

        static final Objectives NONE = new Objectives(Double.NaN, -1);
    }

    boolean writes() {
        return parts.stream().anyMatch(part -> part.call().writes());
    }
}
