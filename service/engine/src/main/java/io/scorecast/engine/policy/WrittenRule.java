package io.scorecast.engine.policy;

import org.jspecify.annotations.Nullable;

/**
 * A rule as its author wrote it, for whoever asks why.
 *
 * @param name of the score, segment or decision
 * @param when its condition; null if it holds always
 * @param points that it adds to the score; 0 for a segment or decision
 */
public record WrittenRule(String name, @Nullable String when, double points) {}
