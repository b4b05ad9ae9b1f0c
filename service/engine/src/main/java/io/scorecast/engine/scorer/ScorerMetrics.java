package io.scorecast.engine.scorer;

import io.scorecast.engine.profile.Profile;

/** Hears where the time goes and what fails; may be called by several threads at once. */
public interface ScorerMetrics {

    /** Hears nothing. */
    ScorerMetrics NOOP = new ScorerMetrics() {};

    /** The steps of one batch. */
    enum Stage {
        /** Logs to profiles and features. */
        FEATURES,
        /** Features to raw outputs, all models. */
        MODELS,
        /** Rules, items and what else makes a prediction of raw outputs. */
        POLICY
    }

    /** A batch went through a stage. */
    default void stage(Stage stage, int rows, long nanos) {}

    /** A log was decoded: what was wrong with it. The profile is only lent for the call. */
    default void decoded(Profile profile) {}

    /** A model could not answer for some rows; its fallback values stand there. */
    default void modelFailed(String model, int rows, RuntimeException cause) {}
}
