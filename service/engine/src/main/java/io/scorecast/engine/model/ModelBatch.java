package io.scorecast.engine.model;

/** Rows of inputs and room for outputs, reused from batch to batch. Owned by one thread. */
public final class ModelBatch {}
