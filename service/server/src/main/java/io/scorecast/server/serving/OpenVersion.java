package io.scorecast.server.serving;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelSignature;
import io.scorecast.engine.model.ModelVersion;

/** A version that is open, and stays so until this is closed, once. It is held by the Scorer that it belongs to. */
public final class OpenVersion implements AutoCloseable {

    private final ScorerHandle handle;
    private final ModelVersion version;

    /**
     * Takes a use over.
     *
     * @param handle retained for this
     */
    OpenVersion(ScorerHandle handle, ModelVersion version) {
        this.handle = handle;
        this.version = version;
    }

    public ModelVersion version() {
        return version;
    }

    public Model model() {
        return version.model();
    }

    public ModelSignature signature() {
        return version.model().signature();
    }

    @Override
    public void close() {
        handle.close();
    }

    @Override
    public String toString() {
        return version.toString();
    }
}
