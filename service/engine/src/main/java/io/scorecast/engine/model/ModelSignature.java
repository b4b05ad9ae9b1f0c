package io.scorecast.engine.model;

import java.util.List;

/**
 * What a model takes and gives.
 *
 * @param inputs in the order of the manifest's inputs
 * @param outputs what the model library's own {@code predict} returns, in its order, but numbers before texts; a margin (see
 *     {@code margin}) comes after them
 * @param margin index among {@code outputs} of the numbers before the link function, column by column those of the first
 *     output; -1 if the model has none
 */
public record ModelSignature(List<TensorSpec> inputs, List<TensorSpec> outputs, int margin) {

    public ModelSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** Index of an output by name; -1 if there is none. */
    public int output(String name) {
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
