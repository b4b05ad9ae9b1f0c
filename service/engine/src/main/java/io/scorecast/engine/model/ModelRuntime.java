package io.scorecast.engine.model;

import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Opens model files of one library. Knows nothing of features, policies or customers. */
public interface ModelRuntime {

    /** The value of {@code runtime} in a manifest that asks for this one. */
    String name();

    /**
     * The library's release, to tell it from others.
     *
     * @throws IOException if it cannot be told
     */
    default String release() throws IOException {
        return "";
    }

    /**
     * Opens a model file: checks that it is one, that its inputs are those of {@code request} by name, order and count,
     * and that its outputs are there.
     *
     * @param inputs what keeps the model's inputs and the request's apart
     * @param file what is wrong with the file itself, as far as it can be said with these inputs
     * @return null, with every reason among the problems, if the file cannot be served
     */
    @Nullable
    Model open(OpenRequest request, Problems inputs, Problems file);

    /** Opens a model file with one list for problems of both kinds. */
    default @Nullable Model open(OpenRequest request, Problems problems) {
        return open(request, problems, problems);
    }

    /**
     * Asks another engine for its opinion on random rows, where there is one.
     *
     * @param rows how many rows
     * @param seed of the rows
     * @return what came of it in a few words, also why there is no other opinion
     */
    default String crossCheck(OpenRequest request, Model model, int rows, long seed, Problems problems) {
        return "there is no other engine for " + name();
    }
}
