package io.scorecast.engine.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A ranked list of items per customer.
 *
 * @param tensor the model's output of item indices, int64 [rows, k], from 1 into the vocabulary, 0 for none;
 *     empty if the model ranks pairs
 * @param scores the model's output of their scores, [rows, k]
 * @param top how many an answer shows unless it is asked for fewer or more
 * @param fallback ids in order of popularity, for a customer whom the model cannot score
 * @param settings what is done to the list for every customer
 */
public record ItemsOutput(
        String name,
        String horizon,
        String tensor,
        String scores,
        ItemVocabulary vocabulary,
        int top,
        List<String> fallback,
        Recommendation settings)
        implements OutputSpec {

    public ItemsOutput {
        fallback = List.copyOf(fallback);
    }

    /** How the flat fields begin: {@code item} for {@code items}, else the list's own name. */
    public String flatPrefix() {
        return name.equals("items") ? "item" : name;
    }

    @Override
    public List<String> fields() {
        List<String> fields = new ArrayList<>(List.of(name));
        for (int place = 1; place <= top; place++) {
            for (String part : AnswerNames.ITEM_PARTS) {
                fields.add(flatPrefix() + "_" + place + "_" + part);
            }
        }
        return fields;
    }
}
