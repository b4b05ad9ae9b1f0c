package io.scorecast.engine.scorer;

import io.scorecast.engine.model.Manifest;
import io.scorecast.engine.model.ModelVersion;
import io.scorecast.engine.model.VersionFolder;
import io.scorecast.engine.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one model that may serve, best first: the pinned one, else from the highest down. Each is proven when it
 * is first asked for. The live version stays a candidate when its folder is gone or no longer what it was.
 */
final class Candidates {

    private final VersionFolders folders;
    private final VersionShelf shelf;
    private final @Nullable ModelVersion live;
    private final Selection selection;
    private final List<Integer> order;
    private final List<ModelVersion> valid = new ArrayList<>();
    private int next;

    /**
     * @param folders from the highest version down
     * @param live the version that serves now; null if none does
     */
    Candidates(String model, List<Path> folders, VersionShelf shelf, @Nullable ModelVersion live, Selection selection) {
        this.folders = new VersionFolders(model, folders);
        this.shelf = shelf;
        this.live = live;
        this.selection = selection;
        this.order = this.folders.order(selection, live == null ? null : live.version());
    }

    String model() {
        return folders.model();
    }

    /** The valid version of a rank, from 0; null if there are not so many. */
    @Nullable
    ModelVersion get(int rank) {
        while (valid.size() <= rank && next < order.size()) {
            ModelVersion version = version(order.get(next++));
            if (version != null) {
                valid.add(version);
            }
        }
        return rank < valid.size() ? valid.get(rank) : null;
    }

    private @Nullable ModelVersion version(int number) {
        Path folder = folders.folder(number);
        ModelVersion found = folder == null ? null : shelf.prove(folder).version();
        if (live != null && live.version() == number) {
            // What serves is not opened again: not if its folder was only touched, and not if it is broken now.
            return found != null && !found.checksum().equals(live.checksum()) ? found : live;
        }
        return found;
    }

    /** Valid versions that were looked at and rank before a chosen one. */
    List<ModelVersion> before(@Nullable ModelVersion chosen) {
        int rank = chosen == null ? valid.size() : valid.indexOf(chosen);
        return List.copyOf(valid.subList(0, Math.max(0, rank)));
    }

    /**
     * What became of every version.
     *
     * @param refusals why valid versions were not chosen, by version number
     */
    List<VersionStatus> statuses(@Nullable ModelVersion chosen, Map<Integer, List<Problem>> refusals) {
        List<VersionStatus> statuses = new ArrayList<>();
        if (chosen != null && folders.folder(chosen.version()) == null) {
            statuses.add(status(
                    chosen.version(),
                    chosen.path(),
                    VersionStatus.State.LIVE,
                    List.of(Problem.of(chosen.toString(), "the folder is gone; the version serves from memory")),
                    chosen,
                    null));
        }
        for (Path folder : folders.folders()) {
            statuses.add(status(folder, chosen, refusals));
        }
        statuses.sort(Comparator.comparingInt(VersionStatus::version).reversed());
        return statuses;
    }

    private VersionStatus status(Path folder, @Nullable ModelVersion chosen, Map<Integer, List<Problem>> refusals) {
        int number = VersionFolder.versionOf(folder);
        VersionShelf.Verdict verdict = shelf.peek(folder);
        ModelVersion version = verdict == null ? null : verdict.version();
        if (chosen != null && chosen.version() == number) {
            List<Problem> changed = verdict == null ? List.of() : verdict.problems();
            return status(number, folder, VersionStatus.State.LIVE, changed, chosen, verdict);
        }
        if (selection.isAside(model(), number)) {
            return status(number, folder, VersionStatus.State.CHALLENGER, List.of(), version, verdict);
        }
        List<Problem> refusal = refusals.getOrDefault(number, List.of());
        if (verdict != null && version == null) {
            return status(number, folder, VersionStatus.State.REJECTED, verdict.problems(), null, verdict);
        }
        return refusal.isEmpty()
                ? status(number, folder, VersionStatus.State.STANDBY, List.of(), version, verdict)
                : status(number, folder, VersionStatus.State.REJECTED, refusal, version, verdict);
    }

    private VersionStatus status(
            int number,
            Path folder,
            VersionStatus.State state,
            List<Problem> problems,
            @Nullable ModelVersion version,
            VersionShelf.@Nullable Verdict verdict) {
        Manifest manifest = version == null ? null : version.manifest();
        GateReport report = verdict == null ? null : verdict.report();
        String checksum = version != null ? version.checksum() : report != null ? report.checksum() : "";
        return new VersionStatus(model(), number, state, folder, checksum, problems, manifest, report);
    }
}
