package io.scorecast.server.scoring;

import java.time.Duration;

/**
 * How requests are answered.
 *
 * @param deadline after which a request gets the fallback
 * @param batchDeadline the same for each customer of a batch
 * @param workers threads that score, more than cores so that none idles while some wait for Redis
 * @param batchSize the most customers scored together
 * @param queue the most requests waiting; one more gets the fallback at once
 * @param nearCacheBytes bound of the near cache; 0 turns it off
 * @param proofAge how long an answer of the near cache is served without asking Redis whether it still holds
 * @param cacheMaxAge how long a caller may keep an answer without asking again; zero for not at all
 */
public record ScoringSettings(
        Duration deadline,
        Duration batchDeadline,
        int workers,
        int batchSize,
        int queue,
        long nearCacheBytes,
        Duration proofAge,
        Duration cacheMaxAge) {

    /** For this machine. */
    public static ScoringSettings standard() {
        return new ScoringSettings(
                Duration.ofMillis(500),
                Duration.ofSeconds(5),
                2 * Runtime.getRuntime().availableProcessors(),
                64,
                10_000,
                64 << 20,
                Duration.ofSeconds(1),
                Duration.ZERO);
    }

    /** The same with another deadline for single requests. */
    public ScoringSettings withDeadline(Duration other) {
        return new ScoringSettings(
                other, batchDeadline, workers, batchSize, queue, nearCacheBytes, proofAge, cacheMaxAge);
    }

    /** The same with another time that callers may keep answers. */
    public ScoringSettings withCacheMaxAge(Duration other) {
        return new ScoringSettings(deadline, batchDeadline, workers, batchSize, queue, nearCacheBytes, proofAge, other);
    }
}
