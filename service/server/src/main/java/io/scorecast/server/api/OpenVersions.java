package io.scorecast.server.api;

import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.engine.scorer.VersionStatus;
import io.scorecast.server.serving.LiveScorer;
import io.scorecast.server.serving.ModelManager;
import io.scorecast.server.serving.OpenVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds model versions that can be asked, and says why others cannot. */
record OpenVersions(LiveScorer live, ModelManager models) {

    /**
     * A version, to be closed.
     *
     * @param version null for the live one
     */
    OpenVersion acquire(String model, @Nullable String version) {
        Integer number = version != null && version.matches("[1-9]\\d{0,8}") ? Integer.valueOf(version) : null;
        OpenVersion open = version != null && number == null ? null : live.acquire(model, number);
        if (open == null) {
            throw refusal(model, version);
        }
        return open;
    }

    private ApiException refusal(String model, @Nullable String version) {
        if (model.equals(ScorerLoader.POLICY)) {
            return ApiException.notFound("the policy is no model that takes rows; ask /v1/scores");
        }
        List<VersionStatus> all = models.report().versions();
        List<VersionStatus> known =
                all.stream().filter(status -> status.model().equals(model)).toList();
        if (known.isEmpty()) {
            return ApiException.notFound(Nearest.message(
                    "model",
                    model,
                    all.stream()
                            .map(VersionStatus::model)
                            .filter(other -> !other.equals(ScorerLoader.POLICY))
                            .distinct()
                            .toList()));
        }
        if (version == null) {
            return ApiException.conflict("no version of " + model + " is live");
        }
        for (VersionStatus status : known) {
            if (Integer.toString(status.version()).equals(version)) {
                String state = status.state().name().toLowerCase(Locale.ROOT);
                return ApiException.conflict(
                        model + "/" + version + " is " + state + " and not open: pin it, or make it a challenger");
            }
        }
        return ApiException.notFound(Nearest.message(
                "version of " + model,
                version,
                known.stream().map(status -> Integer.toString(status.version())).toList()));
    }

    /** The versions of a model that can be asked. */
    List<String> open(String model) {
        List<String> open = new ArrayList<>();
        for (VersionStatus status : models.report().versions()) {
            if (status.model().equals(model)) {
                try (OpenVersion found = live.acquire(model, status.version())) {
                    if (found != null) {
                        open.add(Integer.toString(status.version()));
                    }
                }
            }
        }
        return open;
    }
}
