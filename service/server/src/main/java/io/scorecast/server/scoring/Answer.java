package io.scorecast.server.scoring;

import io.scorecast.engine.prediction.PredictionSchema;

/**
 * A prediction ready to send. Its body is shared: nobody changes it.
 *
 * @param body JSON
 * @param tag identifies the body
 * @param schema the names of its fields
 * @param asOf the instant of its scores, epoch milliseconds
 * @param validUntil the instant from which time alone may make it wrong, epoch milliseconds
 * @param lasting whether it may be kept: it is personal and nothing in it is degraded
 * @param cache where it came from
 */
public record Answer(
        byte[] body,
        EntityTag tag,
        PredictionSchema schema,
        long asOf,
        long validUntil,
        boolean lasting,
        CacheOutcome cache) {

    Answer(byte[] body, PredictionSchema schema, long asOf, long validUntil, boolean lasting, CacheOutcome cache) {
        this(body, new EntityTag(body), schema, asOf, validUntil, lasting, cache);
    }

    Answer from(CacheOutcome outcome) {
        return outcome == cache ? this : new Answer(body, tag, schema, asOf, validUntil, lasting, outcome);
    }
}
