package io.scorecast.server.serving;

import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.scorer.VersionStatus;
import java.util.List;

/** What was asked of the models cannot be done; everything is as it was. */
public final class ModelRefusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean unknown;
    private final transient List<Problem> problems;

    private ModelRefusal(String message, boolean unknown, List<Problem> problems) {
        super(message, null, false, false);
        this.unknown = unknown;
        this.problems = List.copyOf(problems);
    }

    static ModelRefusal unknown(String message) {
        return new ModelRefusal(message, true, List.of());
    }

    static ModelRefusal unknownModel(String model, List<VersionStatus> versions) {
        return unknown(Nearest.message(
                "model",
                model,
                versions.stream().map(VersionStatus::model).distinct().toList()));
    }

    static ModelRefusal unknownVersion(String model, int version, List<VersionStatus> versions) {
        return unknown(Nearest.message(
                "version of " + model,
                Integer.toString(version),
                versions.stream()
                        .filter(status -> status.model().equals(model))
                        .map(status -> Integer.toString(status.version()))
                        .toList()));
    }

    static ModelRefusal conflict(String message, List<Problem> problems) {
        return new ModelRefusal(message, false, problems);
    }

    /** One sentence. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** Whether there is no such model, version or challenger; else it is there and cannot serve. */
    public boolean isUnknown() {
        return unknown;
    }

    /** Every reason. */
    public List<Problem> problems() {
        return problems;
    }
}
