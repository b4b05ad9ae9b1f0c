package io.scorecast.engine.model;

import io.scorecast.engine.problem.Problems;
import org.jspecify.annotations.Nullable;

/** Opens model files of one library. Knows nothing of features, policies or customers. */
public interface ModelRuntime {

    /** The value of {@code runtime} in a manifest that asks for this one. */
    String name();

    /**
     * Opens a model file and checks that it is one, that its inputs are those of {@code request} by name, order and
     * count, and that its outputs are there.
     *
     * @return null, with every reason among the problems, if the file cannot be served
     */
    @Nullable
    Model open(OpenRequest request, Problems problems);

    /**
     * Asks another engine for its opinion on random rows, where there is one.
     *
     * @param rows how many rows
     * @param seed of the rows
     */
    default void crossCheck(OpenRequest request, Model model, int rows, long seed, Problems problems) {}
}
