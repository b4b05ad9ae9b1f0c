package io.scorecast.loadtest.run;

import io.scorecast.engine.problem.Nearest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be asked of a service. */
enum Call {
    /** One customer's prediction. */
    SCORE("score", false),
    /** The same as of this instant: past the caches, computed for this request. */
    SCORE_NOW("score_now", false),
    /** Predictions of {@code size} customers in one request. */
    BATCH("batch", false),
    /** {@code size} new events, each of another customer. */
    EVENTS("events", true),
    /** A body of the scenario's own to a path of its own. */
    POST("post", false),
    /** The past of {@code size} made-up customers; no scenario asks for it, a service of its own is filled with it. */
    PAST("past", true);

    private final String word;
    private final boolean writes;

    Call(String word, boolean writes) {
        this.word = word;
        this.writes = writes;
    }

    String word() {
        return word;
    }

    /** Whether the service has other data afterwards. */
    boolean writes() {
        return writes;
    }

    static @Nullable Call of(String word) {
        for (Call call : values()) {
            if (call.word.equals(word) && call != PAST) {
                return call;
            }
        }
        return null;
    }

    static String unknown(String word) {
        List<String> known = Arrays.stream(values())
                .filter(call -> call != PAST)
                .map(Call::word)
                .toList();
        return Nearest.message("call", word, known);
    }
}
