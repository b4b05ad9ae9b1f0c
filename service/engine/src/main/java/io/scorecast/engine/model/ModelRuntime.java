package io.scorecast.engine.model;

/** Opens the model file of a version: one implementation per library (forest, XGBoost4J, ONNX Runtime). */
public interface ModelRuntime {

    /** The value of {@code runtime} (or {@code engine}) in a manifest that asks for this runtime. */
    String name();

    /**
     * Opens a model file.
     *
     * @throws io.scorecast.engine.problem.ProblemsException if the file cannot be served, with every reason
     */
    Model open(Manifest manifest, java.nio.file.Path folder);
}
