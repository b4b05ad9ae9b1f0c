package io.scorecast.engine.scorer;

import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.OutputSpec;
import io.scorecast.engine.model.VersionFolder;
import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The policy versions that may serve, best first: the pinned one, else from the highest down. A policy is valid only with
 * the models that it names, so each is read for each combination of them.
 */
final class PolicyCandidates {

    private final VersionFolders folders;
    private final PolicyShelf shelf;
    private final @Nullable Policy live;
    private final Selection selection;
    private final List<Integer> order;

    /** By version, why it does not serve: the reasons of the first combination that was tried, which is the one wanted. */
    private final Map<Integer, List<Problem>> refusals = new HashMap<>();

    PolicyCandidates(List<Path> folders, PolicyShelf shelf, @Nullable Policy live, Selection selection) {
        this.folders = new VersionFolders(ScorerLoader.POLICY, folders);
        this.shelf = shelf;
        this.live = live;
        this.selection = selection;
        this.order = this.folders.order(selection, live == null ? null : live.version());
    }

    /** This one, or none. */
    static PolicyCandidates only(@Nullable Policy policy, PolicyShelf shelf) {
        List<Path> folders = policy == null ? List.of() : List.of(policy.folder());
        return new PolicyCandidates(folders, shelf, policy, Selection.HIGHEST);
    }

    /** Whether the models answer without rules. */
    boolean isEmpty() {
        return order.isEmpty();
    }

    int size() {
        return order.size();
    }

    /** Reads the policy of a rank for a combination of models; null, with the reasons, if it does not fit. */
    @Nullable
    Policy read(int rank, List<ModelVersion> models, Problems problems) {
        int number = order.get(rank);
        List<OutputSpec> outputs = models.stream()
                .flatMap(model -> model.manifest().outputs().stream())
                .toList();
        Path folder = folders.folder(number);
        Problems found = new Problems();
        Policy read = folder == null ? null : shelf.read(folder, outputs, found);
        if (read != null) {
            return read;
        }
        if (live != null && live.version() == number && live.isBoundTo(outputs)) {
            return live; // Its folder is gone, or no longer what it was.
        }
        if (folder != null) {
            found.list().forEach(problems::add);
            return null;
        }
        problems.add(ScorerLoader.POLICY + "/" + number, "there is no such folder");
        return null;
    }

    void refuse(int rank, List<Problem> problems) {
        refusals.putIfAbsent(order.get(rank), problems);
    }

    List<VersionStatus> statuses(@Nullable Policy chosen) {
        List<VersionStatus> statuses = new ArrayList<>();
        if (chosen != null && folders.folder(chosen.version()) == null) {
            statuses.add(status(
                    chosen.version(),
                    chosen.folder(),
                    VersionStatus.State.LIVE,
                    chosen.checksum(),
                    List.of(Problem.of(
                            ScorerLoader.POLICY + "/" + chosen.version(),
                            "the folder is gone; the version serves from memory"))));
        }
        for (Path folder : folders.folders()) {
            int number = VersionFolder.versionOf(folder);
            List<Problem> refusal = refusals.getOrDefault(number, List.of());
            if (chosen != null && chosen.version() == number) {
                statuses.add(status(number, folder, VersionStatus.State.LIVE, chosen.checksum(), List.of()));
            } else if (selection.isAside(ScorerLoader.POLICY, number)) {
                statuses.add(status(number, folder, VersionStatus.State.CHALLENGER, "", List.of()));
            } else {
                statuses.add(status(
                        number,
                        folder,
                        refusal.isEmpty() ? VersionStatus.State.STANDBY : VersionStatus.State.REJECTED,
                        "",
                        refusal));
            }
        }
        statuses.sort(Comparator.comparingInt(VersionStatus::version).reversed());
        return statuses;
    }

    private static VersionStatus status(
            int number, Path folder, VersionStatus.State state, String checksum, List<Problem> problems) {
        return new VersionStatus(ScorerLoader.POLICY, number, state, folder, checksum, problems, null, null);
    }
}
