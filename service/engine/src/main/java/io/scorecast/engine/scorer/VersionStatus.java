package io.scorecast.engine.scorer;

import io.scorecast.engine.model.Manifest;
import io.scorecast.engine.problem.Problem;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one version in the repository.
 *
 * @param model its model, {@code policy} for a policy
 * @param checksum SHA-256 of its SHA256SUMS; empty if it was not looked at, or could not be read
 * @param problems why it was rejected; of a live version, what has become of its folder since
 * @param manifest what it says of itself; null for a policy, or if it was not looked at or is not valid
 * @param report what the gate found; null if it was not looked at, and for a policy
 */
public record VersionStatus(
        String model,
        int version,
        State state,
        Path path,
        String checksum,
        List<Problem> problems,
        @Nullable Manifest manifest,
        @Nullable GateReport report) {

    public VersionStatus {
        problems = List.copyOf(problems);
    }

    /** What a version is doing. */
    public enum State {
        /** It answers. */
        LIVE,
        /** It may answer when it is wanted: another version does. */
        STANDBY,
        /** It may not answer, for the problems given. */
        REJECTED,
        /** It stands beside the live one, to be compared with it. */
        CHALLENGER,
        /** Its folder is still being written. */
        WAITING
    }

    /** The same version in another state. */
    public VersionStatus in(State other) {
        return new VersionStatus(model, version, other, path, checksum, problems, manifest, report);
    }
}
