package io.scorecast.server.audience;

import io.scorecast.engine.prediction.Prediction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a chunk: rows ready to be written.
 *
 * @param outcomes by customer
 * @param predictions by customer; null where nothing is written
 * @param digests by customer; null where nothing is written
 * @param ranks by customer: the number to rank by, where that was asked for
 * @param rowEnds by customer: where the row ends in {@code rows}
 * @param rows the rows one after the other
 */
record Scored(
        Chunk chunk,
        List<Outcome> outcomes,
        List<@Nullable Prediction> predictions,
        List<Digests.@Nullable Digest> digests,
        double[] ranks,
        int[] rowEnds,
        byte[] rows) {

    /** What becomes of a customer. */
    enum Outcome {
        WRITTEN("written"),
        CLEARED("cleared"),
        NOT_CHOSEN("not_chosen"),
        UNKNOWN("unknown_customer"),
        OPTED_OUT("opted_out"),
        FAILED("failed");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        boolean isRejected() {
            return this == UNKNOWN || this == OPTED_OUT || this == FAILED;
        }

        boolean isRow() {
            return this == WRITTEN || this == CLEARED;
        }
    }
}
