package io.scorecast.loadtest.run;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * A load, as its file and the command line state it.
 *
 * @param about one line for people
 * @param bare whether it asks a bare Netty server with a fixed body, and not Scorecast, where no URL is given
 * @param bodyBytes of that fixed body
 * @param connections that are kept alive
 * @param patience how long an answer is waited for
 * @param with what goes on beside it, the second time
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
        With with,
        Objectives objectives) {

    Scenario {
        parts = List.copyOf(parts);
    }

    /**
     * One kind of request among those of a load.
     *
     * @param share of all requests, relative to the others' shares
     * @param size customers or events in one request
     * @param path of a {@code post}; empty for other calls
     * @param bodies of a {@code post}, in turn; none for other calls
     */
    record Part(Call call, double share, int size, String path, List<String> bodies) {

        Part {
            bodies = List.copyOf(bodies);
        }

        Part(Call call, double share, int size) {
            this(call, share, size, "", List.of());
        }

        String title() {
            return size > 1 ? call.word() + " of " + size : call == Call.POST ? "post" : call.word();
        }
    }

    /** What goes on beside the load, which then runs twice: alone, and with it. */
    enum With {
        /** It runs alone, once. */
        NOTHING,
        /** Another version of a model goes live every second. */
        SWAPS,
        /** The service's Redis stands still for three seconds. */
        REDIS_PAUSED,
        /** Jobs score everybody into files. */
        AUDIENCE,
        /** A job has kept the predictions before. */
        WARM_CACHE;

        String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
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
     * @param p99Times the p99 with the companion, as so many times that of the load alone, at most
     */
    record Objectives(double p99Millis, long errors, double p99Times) {

        static final Objectives NONE = new Objectives(Double.NaN, -1, Double.NaN);
    }

    boolean writes() {
        return parts.stream().anyMatch(part -> part.call().writes());
    }
}
