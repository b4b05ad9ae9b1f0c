package io.scorecast.engine.model;

/** What {@code model.yaml} says. */
public record Manifest(String name) {}
