package io.scorecast.engine.feature;

/** What a feature gives. */
public enum FeatureType {
    /** One number; NaN where it is missing. */
    NUMBER,
    /** A fixed number of numbers, named {@code name_0}, {@code name_1}… as columns. */
    VECTOR,
    /** A fixed number of whole numbers (indices from 1, 0 for none), left-padded; columns as for a vector. */
    SEQUENCE,
    /** A text, for policies and answers; no model can read it. */
    TEXT
}
