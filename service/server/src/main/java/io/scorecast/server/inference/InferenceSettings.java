package io.scorecast.server.inference;

import java.time.Duration;

/**
 * How bare predictions are computed.
 *
 * @param workers threads that compute
 * @param queue the most requests waiting; one more is refused
 * @param numbers the most numbers of their inputs; a request beyond them is refused unless it is alone
 * @param deadline after which a request is refused
 * @param together the most rows of different requests in one batch
 * @param slice the most rows of one request computed at a time
 */
public record InferenceSettings(int workers, int queue, long numbers, Duration deadline, int together, int slice) {

    /** For this machine: half of it is left to scores. */
    public static InferenceSettings standard() {
        return new InferenceSettings(
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                256,
                16 << 20,
                Duration.ofSeconds(10),
                256,
                1_024);
    }
}
