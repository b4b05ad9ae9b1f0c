package io.scorecast.engine.model;

import java.util.List;

/**
 * A ranked list of items per customer.
 *
 * @param tensor the model's output of item indices, int64 [rows, k], from 1 into the vocabulary, 0 for none
 * @param scores the model's output of their scores, [rows, k]
 * @param top how many an answer shows unless it is asked for fewer or more
 * @param fallback ids in order of popularity, for a customer whom the model cannot score
 */
public record ItemsOutput(
        String name,
        String horizon,
        String tensor,
        String scores,
        ItemVocabulary vocabulary,
        int top,
        List<String> fallback)
        implements OutputSpec {

    public ItemsOutput {
        fallback = List.copyOf(fallback);
    }
}
