package io.scorecast.server.serving;

import java.time.Duration;

/**
 * How versions come and go.
 *
 * @param name of this instance, for people
 * @param poll how often the repository and Redis are looked at where no event tells
 * @param patience how long an instance that is ready waits for the others to answer
 * @param keepPrevious how long the last Scorer is kept warm for a way back
 */
public record ModelSettings(String name, Duration poll, Duration patience, Duration keepPrevious) {

    public static ModelSettings standard(String name) {
        return new ModelSettings(name, Duration.ofSeconds(1), Duration.ofSeconds(15), Duration.ofMinutes(10));
    }
}
