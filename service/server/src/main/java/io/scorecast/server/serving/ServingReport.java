package io.scorecast.server.serving;

import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.scorer.VersionStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/**
 * What there is and what serves.
 *
 * @param versions every version, by model, from the highest down
 * @param problems what is wrong beside the versions
 * @param since by {@code model/version}, when it went live, epoch milliseconds
 * @param name of this instance
 * @param others the other instances that live, by id
 */
public record ServingReport(
        List<VersionStatus> versions,
        List<Problem> problems,
        Map<String, Integer> pins,
        Map<String, Challenge> challengers,
        Map<String, Long> since,
        String name,
        Map<String, Instance> others) {

    static final ServingReport NONE =
            new ServingReport(List.of(), List.of(), Map.of(), Map.of(), Map.of(), "", Map.of());

    public ServingReport {
        versions = List.copyOf(versions);
        problems = List.copyOf(problems);
        pins = Map.copyOf(pins);
        challengers = Map.copyOf(challengers);
        since = Map.copyOf(since);
        others = Map.copyOf(others);
    }

    /** One line for each version that went live or was rejected, and each reason. */
    static void logNews(ServingReport before, ServingReport now, Logger log) {
        Map<String, VersionStatus> old = new HashMap<>();
        before.versions().forEach(status -> old.put(key(status), status));
        for (VersionStatus status : now.versions()) {
            VersionStatus last = old.get(key(status));
            boolean same = last != null
                    && last.state() == status.state()
                    && last.problems().equals(status.problems());
            if (same) {
                continue;
            }
            switch (status.state()) {
                case LIVE -> {
                    if (last == null || last.state() != VersionStatus.State.LIVE) {
                        log.info("{} serves", key(status));
                    }
                }
                case REJECTED ->
                    status.problems().forEach(problem -> log.warn("{} is not served: {}", key(status), problem));
                case STANDBY, CHALLENGER, WAITING -> {}
            }
        }
        now.problems().stream()
                .filter(problem -> !before.problems().contains(problem))
                .forEach(problem -> log.warn("{}", problem));
    }

    private static String key(VersionStatus status) {
        return status.model() + "/" + status.version();
    }
}
