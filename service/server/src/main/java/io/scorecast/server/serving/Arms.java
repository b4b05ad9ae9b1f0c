package io.scorecast.server.serving;

import java.util.List;

/**
 * The Scorers that answer: the champion and those that stand beside it. Immutable; swapped as a whole.
 *
 * @param challengers in the order in which they may claim a customer
 */
record Arms(ScorerHandle champion, List<Arm> challengers) {

    Arms {
        challengers = List.copyOf(challengers);
    }

    /** A challenger's Scorer: the champion's but for the one version. */
    record Arm(Challenge challenge, ScorerHandle handle, Comparison comparison) {}

    /** Whether customers have different Scorers. */
    boolean isSplit() {
        for (Arm arm : challengers) {
            if (arm.challenge().mode() == Challenge.Mode.SPLIT) {
                return true;
            }
        }
        return false;
    }

    ScorerHandle of(String customer) {
        for (Arm arm : challengers) {
            if (arm.challenge().mode() == Challenge.Mode.SPLIT
                    && arm.challenge().takes(customer)) {
                return arm.handle();
            }
        }
        return champion;
    }
}
