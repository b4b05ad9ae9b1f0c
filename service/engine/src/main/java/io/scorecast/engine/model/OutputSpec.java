package io.scorecast.engine.model;

import java.util.List;

/** What a model version publishes under one name. */
public sealed interface OutputSpec permits ScoreOutput, ItemsOutput {

    /** {@code [a-z][a-z0-9_]*}, unique over the live models. */
    String name();

    /** How far ahead it looks, as the manifest says it ({@code 30d}); empty if it does not. */
    String horizon();

    /** The model's output tensor it is read from; empty for the model's only or first one. */
    String tensor();

    /** The answer's fields that it writes. */
    List<String> fields();
}
