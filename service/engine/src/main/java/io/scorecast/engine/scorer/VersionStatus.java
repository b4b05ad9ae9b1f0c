package io.scorecast.engine.scorer;

import io.scorecast.engine.model.Manifest;
import io.scorecast.engine.problem.Problem;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one folder of the repository.
 *
 * @param model its model, {@code policy} for a policy
 * @param checksum SHA-256 of its SHA256SUMS; empty if it was not looked at, or could not be read
 * @param problems why it was rejected
 * @param manifest what it says of itself; null for a policy, or if it was not looked at or is not live
 */
public record VersionStatus(
        String model,
        int version,
        State state,
        Path path,
        String checksum,
        List<Problem> problems,
        @Nullable Manifest manifest) {

    public VersionStatus {
        problems = List.copyOf(problems);
    }

    /** What a version is doing. */
    public enum State {
        /** It answers. */
        LIVE,
        /** A higher version answers; this one was not looked at. */
        STANDBY,
        /** It may not answer, for the problems given. */
        REJECTED
    }
}
