package io.scorecast.engine.model;

import java.util.List;

/**
 * One input tensor of a model and the features that are its columns, in order. A feature that is a vector or a sequence
 * takes as many columns as it is wide.
 *
 * @param name as the model file calls the tensor; XGBoost has one, whose name is free
 */
public record InputSpec(String name, List<String> features) {

    public InputSpec {
        features = List.copyOf(features);
    }
}
