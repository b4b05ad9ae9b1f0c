package io.scorecast.engine.scorer;

import io.scorecast.engine.model.ModelRepository;
import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.Pace;
import io.scorecast.engine.problem.Problem;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The versions that passed the gate or failed at it, so that a folder that has not changed is not proven again. Owns the
 * opened ones: a Scorer only uses them. Owned by one thread at a time.
 */
final class VersionShelf {

    private final Gate gate;
    private final Pace pace;

    /** What was closed meanwhile need not be proven again. */
    private final Verdicts passed;

    private final Map<Path, Verdict> verdicts = new HashMap<>();
    private final Set<ModelVersion> open = new HashSet<>();

    VersionShelf(Gate gate, Pace pace, Verdicts passed) {
        this.gate = gate;
        this.pace = pace;
        this.passed = passed;
    }

    /**
     * What came of a folder.
     *
     * @param stamp of the folder when it was looked at
     * @param version open; null if it did not pass
     */
    record Verdict(String stamp, @Nullable ModelVersion version, GateReport report) {

        List<Problem> problems() {
            return report.problems();
        }
    }

    /** Sends a folder through the gate, unless it is as it was when it last went. */
    Verdict prove(Path folder) {
        Verdict known = peek(folder);
        if (known != null) {
            return known;
        }
        String stamp = ModelRepository.stamp(folder);
        Gate.Result result = gate.check(folder, pace, passed);
        ModelVersion version = result.version();
        if (version != null) {
            open.add(version);
        }
        Verdict verdict = new Verdict(stamp, version, result.report());
        verdicts.put(folder, verdict);
        return verdict;
    }

    /** The last verdict, if it still holds. */
    @Nullable
    Verdict peek(Path folder) {
        Verdict known = verdicts.get(folder);
        return known != null && known.stamp().equals(ModelRepository.stamp(folder)) ? known : null;
    }

    /** Closes what is open and not among these; it is opened again when it is next wanted. */
    void keepOnly(Collection<ModelVersion> used) {
        open.removeIf(version -> {
            if (used.contains(version)) {
                return false;
            }
            verdicts.values().removeIf(verdict -> verdict.version() == version);
            version.close();
            return true;
        });
    }
}
