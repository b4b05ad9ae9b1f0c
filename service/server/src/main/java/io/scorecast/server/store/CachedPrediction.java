package io.scorecast.server.store;

/**
 * A prediction as it is kept.
 *
 * @param body the response, ready to send
 * @param validUntil the instant from which time alone may make it wrong, epoch milliseconds
 */
public record CachedPrediction(byte[] body, long validUntil) {}
