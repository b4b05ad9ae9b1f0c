package io.scorecast.server.inference;

import io.scorecast.server.serving.OpenVersion;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request's rows on their way through a model. Holds the version open until it ends, which it does once. */
final class InferenceJob {

    private final OpenVersion version;
    private final Rows inputs;
    private final CompletableFuture<Rows> future = new CompletableFuture<>();
    private @Nullable Rows outputs;

    /**
     * Takes a version over.
     *
     * @param version closed at the end
     */
    InferenceJob(OpenVersion version, Rows inputs) {
        this.version = version;
        this.inputs = inputs;
    }

    OpenVersion version() {
        return version;
    }

    Rows inputs() {
        return inputs;
    }

    CompletableFuture<Rows> future() {
        return future;
    }

    int rows() {
        return inputs.count();
    }

    /** Room for the answer, made when it is computed. */
    Rows outputs() {
        Rows made = outputs;
        if (made == null) {
            made = Rows.allocate(version.signature().outputs(), inputs.count());
            outputs = made;
        }
        return made;
    }

    /** Nobody waits for it any more. */
    boolean isOver() {
        return future.isDone();
    }

    /** Lets go of the version, and answers. */
    void end() {
        Rows answer = outputs();
        version.close();
        future.complete(answer);
    }

    /** Lets go of the version without an answer. */
    void end(InferenceException failure) {
        version.close();
        future.completeExceptionally(failure);
    }
}
