package io.scorecast.server.audience;

import io.scorecast.engine.policy.Policy;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problem;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.engine.scorer.Selector;
import io.scorecast.server.catalogue.Catalogue;
import io.scorecast.server.serving.NotReadyException;
import io.scorecast.server.serving.ScorerHandle;
import io.scorecast.server.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One audience, scored as of one instant by one Scorer, both pinned at the start. What is whole is on disk, so that after any
 * kind of end {@link #run} goes on from the last whole part: every customer once, none lost. Run by one thread; looked at and
 * cancelled by others.
 */
public final class AudienceJob {

    private static final Logger LOG = LoggerFactory.getLogger(AudienceJob.class);

    private final JobFolder folder;
    private final AudienceTools tools;
    private volatile Progress progress;
    private volatile @Nullable JobLock lock;
    private volatile boolean cancelled;
    private volatile boolean halted;

    private AudienceJob(JobFolder folder, Progress progress, AudienceTools tools) {
        this.folder = folder;
        this.progress = progress;
        this.tools = tools;
    }

    /**
     * Takes a job on: checks the request as far as the live Scorer can tell, and writes it down.
     *
     * @throws AudienceException if it cannot be done as asked
     * @throws IOException if the folder cannot be written
     */
    public static AudienceJob create(Path path, String id, AudienceRequest request, AudienceTools tools)
            throws IOException {
        JobFolder folder = new JobFolder(path);
        refuseSecond(folder);
        try (ScorerHandle handle = tools.scorers().acquire()) {
            check(request, handle.scorer());
        }
        Files.createDirectories(folder.inner());
        AudienceJob job = new AudienceJob(
                folder, new Progress(folder, id, request, tools.clock().millis()), tools);
        job.take();
        try {
            refuseSecond(folder);
            job.progress = new Progress(
                    folder, id, kept(request, folder), tools.clock().millis());
            job.progress.save();
            return job;
        } catch (IOException | RuntimeException e) {
            job.release();
            throw e;
        }
    }

    private static void refuseSecond(JobFolder folder) {
        if (folder.holdsJob()) {
            throw new AudienceException(
                    "out", folder.path() + " holds a job already; resume it, or choose another folder");
        }
    }

    /**
     * Takes the right to work on the job, which {@link #run} gives back.
     *
     * @throws AudienceException if another process, or another job, has it
     */
    public synchronized void take() throws IOException {
        if (lock == null) {
            JobLock taken = JobLock.take(folder);
            if (taken == null) {
                throw new AudienceException("out", folder.path() + ": another process works on that job");
            }
            lock = taken;
            if (progress.isOvertaken()) {
                progress = Progress.open(folder);
            }
        }
    }

    private synchronized void release() throws IOException {
        JobLock held = lock;
        lock = null;
        if (held != null) {
            held.close();
        }
    }

    /** What is on disk, where this process has not the right to change it. */
    private Progress current() {
        if (lock == null) {
            refresh();
        }
        return progress;
    }

    private synchronized void refresh() {
        try {
            if (lock == null && progress.isOvertaken()) {
                progress = Progress.open(folder);
            }
        } catch (IOException e) {
            LOG.debug("The state of the job {} cannot be read now", progress.id, e);
        }
    }

    /** Takes customers out of what is kept: at once, or at the end of a job that is not over yet. */
    void erase(Collection<String> customers) throws IOException {
        JobErasure.note(folder, customers);
        settle();
    }

    /** Does what was noted and not done yet. */
    void settle() throws IOException {
        JobErasure.settle(folder, this::current);
    }

    /** With a copy of the preset, for all parts must be of one shape, whatever becomes of the file meanwhile. */
    private static AudienceRequest kept(AudienceRequest request, JobFolder folder) throws IOException {
        String preset = request.output().preset();
        if (preset == null || !Output.isPresetFile(preset)) {
            return request;
        }
        Path file = Path.of(preset);
        Path copy = folder.inner().resolve(file.getFileName());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        return request.withOutput(request.output().withPreset(copy.toString()));
    }

    /**
     * Opens what an earlier process has left.
     *
     * @throws AudienceException if there is no job
     */
    public static AudienceJob open(Path path, AudienceTools tools) throws IOException {
        JobFolder folder = new JobFolder(path);
        if (!folder.holdsJob()) {
            throw new AudienceException("out", path + " holds no job that could be resumed");
        }
        return new AudienceJob(folder, Progress.open(folder), tools);
    }

    /**
     * Whether the job that a folder holds reads profiles from Redis.
     *
     * @throws AudienceException if there is no job
     */
    public static boolean needsRedis(Path path) throws IOException {
        JobFolder folder = new JobFolder(path);
        if (!folder.holdsJob()) {
            throw new AudienceException("out", path + " holds no job that could be resumed");
        }
        return !(Progress.open(folder).request.customers() instanceof Customers.Events);
    }

    private static void check(AudienceRequest request, Scorer scorer) {
        Layout unused = Layout.of(request.output(), scorer);
        Selector unusedSelector = selector(request, scorer);
        if (request.customers() instanceof Customers.Segment segment) {
            Policy policy = scorer.policy();
            List<String> known = policy == null ? List.of() : policy.segments();
            if (!known.contains(segment.name())) {
                throw new AudienceException("customers.segment", Nearest.message("segment", segment.name(), known));
            }
        }
        AudienceRequest.Top top = request.top();
        if (top != null && (top.n() < 1 || top.n() > AudienceRequest.MOST_RANKED)) {
            throw new AudienceException("top.n", "top.n is from 1 to " + AudienceRequest.MOST_RANKED);
        }
        AudienceRequest.Since since = request.since();
        if (since != null && !Files.exists(new JobFolder(since.folder()).digests())) {
            throw new AudienceException("changed_since", "there is no finished job to compare with");
        }
    }

    private static Selector selector(AudienceRequest request, Scorer scorer) {
        Problems problems = new Problems();
        AudienceRequest.Top top = request.top();
        Selector selector = Selector.of(scorer, request.where(), top == null ? null : top.by(), problems);
        if (!problems.isEmpty()) {
            throw new AudienceException(
                    problems.list().getFirst().source().equals("by") ? "top.by" : "where",
                    problems.list().stream().map(Problem::toString).collect(Collectors.joining("; ")));
        }
        return selector;
    }

    public String id() {
        return progress.id;
    }

    public Path folder() {
        return folder.path();
    }

    public JobState state() {
        return current().view();
    }

    /** The whole part of a number from 1; null if there is none. */
    public JobState.@Nullable Part part(int number) {
        List<JobState.Part> parts = state().parts();
        return number < 1 || number > parts.size() ? null : parts.get(number - 1);
    }

    /** The file of rejects; may not be there. */
    public Path rejected() {
        return folder.rejected();
    }

    /** Who has left since the job that this one is compared with; there only then. */
    public Path left() {
        return folder.left();
    }

    /** The manifest; there once the job is done. */
    public Path manifest() {
        return folder.manifest();
    }

    /** Makes a running job end as cancelled; within a second its half-written files are gone. */
    public void cancel() {
        cancelled = true;
    }

    /** Makes a running job stop where it is, to go on another time. */
    public void halt() {
        halted = true;
    }

    boolean isStopped() {
        return cancelled || halted;
    }

    /**
     * Puts a job that has ended but is not done back into the queue.
     *
     * @throws AudienceException if another process works on it
     */
    void requeue() throws IOException {
        take();
        cancelled = false;
        halted = false;
        progress.become(JobState.State.QUEUED, tools.clock().millis(), "");
    }

    /** Ends a job that does not run as cancelled. */
    void drop() throws IOException {
        cancelled = true;
        folder.deletePartial();
        progress.become(JobState.State.CANCELLED, tools.clock().millis(), "");
        release();
        settle();
    }

    void delete() throws IOException {
        folder.delete();
    }

    /** Runs to the end, whatever that is; says which. */
    public JobState run() {
        try {
            take();
            try {
                if (progress.state() != JobState.State.DONE && !halted) {
                    attempt();
                }
            } finally {
                release();
            }
            settle();
        } catch (IOException e) {
            LOG.error("The state of the job {} cannot be kept", progress.id, e);
        }
        return progress.view();
    }

    private void attempt() throws IOException {
        String problem;
        try {
            progress.become(JobState.State.RUNNING, tools.clock().millis(), "");
            boolean unusedBefore = JobErasure.apply(folder, progress, false);
            work();
            folder.tidy();
            boolean unusedAfter = JobErasure.apply(folder, progress, true);
            progress.become(JobState.State.DONE, tools.clock().millis(), "");
            return;
        } catch (StoppedException e) {
            folder.deletePartial();
            if (cancelled) {
                // The spool stays: whole parts and it are what a resumed job goes on from.
                progress.become(JobState.State.CANCELLED, tools.clock().millis(), "");
            }
            return;
        } catch (AudienceException e) {
            problem = e.detail();
        } catch (StoreUnavailableException e) {
            problem = "Redis does not answer; resume goes on";
        } catch (NotReadyException e) {
            problem = "no Scorer is live; resume goes on";
        } catch (FileSystemException e) {
            problem = e.getFile() + ": " + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason());
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("The job {} failed", progress.id, e);
            problem = "unexpected " + e;
        }
        LOG.warn("The job {} failed: {}", progress.id, problem);
        folder.deletePartial();
        progress.become(JobState.State.FAILED, tools.clock().millis(), problem);
    }

    private void work() throws IOException {
        try (ScorerHandle handle = pinned()) {
            Scorer scorer = handle.scorer();
            if (progress.total() < 0 || !Files.exists(folder.spool())) {
                progress.restart();
                spool();
            }
            Selector selector = selector(progress.request, scorer);
            Layout layout = Layout.of(progress.request.output(), scorer);
            progress.layout(layout.idPlace());
            JobPasses passes =
                    new JobPasses(folder, progress, tools, scorer, catalogue(), selector, layout, this::isStopped);
            if (progress.request.top() != null && !progress.isRanked()) {
                passes.rank();
            }
            passes.write();
            JobFolder.replace(
                    folder.manifest(),
                    Manifest.of(progress, folder, layout, tools.clock().millis()));
        }
    }

    /** The same from here to the end; another run may find other products. */
    private Catalogue.State catalogue() {
        return Patience.with(tools.catalogue(), this::isStopped);
    }

    /** The Scorer and the instant of the whole job, chosen when it first runs. */
    private ScorerHandle pinned() throws IOException {
        if (!progress.fingerprint().isEmpty()) {
            return tools.scorers().acquire(progress.versions(), progress.fingerprint());
        }
        ScorerHandle handle = tools.scorers().acquire();
        Long at = progress.request.at();
        progress.pin(
                at == null ? tools.clock().millis() : at,
                handle.scorer().schema().versions(),
                handle.scorer().fingerprint());
        progress.save();
        return handle;
    }

    private void spool() throws IOException {
        Counts counts = new Counts();
        long[] rejected = {0};
        try (GrowingFile rejects = new GrowingFile(folder.rejected(), 0)) {
            rejects.write(CsvRows.line("customer_id", "reason", "source"));
            Spooling spooling = new Spooling(
                    tools.profiles(),
                    (customer, reason, source) -> {
                        rejects.write(CsvRows.line(customer, reason, source));
                        counts.outcome("bad_row");
                        rejected[0]++;
                    },
                    this::isStopped);
            long total = spooling.spool(progress.request.customers(), folder.spool());
            Path exclude = progress.request.exclude();
            if (exclude != null) {
                long unused = spooling.spool(new Customers.Ids(exclude), folder.excluded());
            }
            rejects.sync();
            Progress.Checkpoint start = new Progress.Checkpoint(0, "", 0, 0, rejected[0], rejects.length(), 0, 0);
            progress.spooled(total, counts, start);
            progress.save();
            folder.deleteUploads(progress.request);
        }
    }
}
