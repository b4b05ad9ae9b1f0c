package io.scorecast.server.audience;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of a service, each in a folder of its own: two run at once, the others wait in a visible queue. Jobs that a
 * killed process has left are taken up again at the start; finished ones are kept for a set time. Safe for many threads.
 */
public final class AudienceJobs implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AudienceJobs.class);
    private static final int AT_ONCE = 2;
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final NamedFiles files;
    private final AudienceTools tools;
    private final Duration kept;
    private final Map<String, AudienceJob> jobs = new ConcurrentHashMap<>();
    private final ExecutorService running = Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofPlatform().daemon().name("audience-", 0).factory());

    /**
     * Nothing happens before {@link #start}.
     *
     * @param settings where the jobs are, and how long
     */
    public AudienceJobs(AudienceSettings settings, AudienceTools tools) {
        this.folder = settings.jobs();
        this.files = new NamedFiles(settings.files());
        this.tools = tools;
        this.kept = settings.kept();
    }

    /** The files that requests may name. */
    public NamedFiles files() {
        return files;
    }

    /** Takes up what an earlier process has left; to be called when a Scorer is live. */
    public void start() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> found;
        try (Stream<Path> folders = Files.list(folder)) {
            found = folders.sorted().toList();
        } catch (IOException e) {
            LOG.warn("The folder of audiences cannot be read", e);
            return;
        }
        for (Path path : found) {
            try {
                if (new JobFolder(path).holdsJob()) {
                    AudienceJob job = AudienceJob.open(path, tools);
                    if (job.state().state().isLive()) {
                        job.take();
                        jobs.put(job.id(), job);
                        enqueue(job);
                    } else {
                        job.settle();
                        jobs.put(job.id(), job);
                    }
                }
            } catch (AudienceException e) {
                // It is another service's; this one will not touch it.
                LOG.warn("An audience is left alone: {}", e.detail());
            } catch (IOException | RuntimeException e) {
                LOG.warn("An audience cannot be read", e);
            }
        }
        expire();
    }

    /** Deletes what has been kept long enough. */
    private void expire() {
        long oldest = tools.clock().millis() - kept.toMillis();
        for (AudienceJob job : List.copyOf(jobs.values())) {
            JobState state = job.state();
            Long finished = state.finished();
            if (!state.state().isLive() && finished != null && finished < oldest) {
                try {
                    jobs.remove(job.id());
                    job.delete();
                } catch (IOException e) {
                    LOG.warn("An audience that is over its time cannot be deleted", e);
                }
            }
        }
    }

    private void enqueue(AudienceJob job) {
        running.execute(() -> {
            if (job.state().state() == JobState.State.QUEUED || job.state().state() == JobState.State.RUNNING) {
                JobState unused = job.run();
            }
        });
    }

    /** A folder for a job that comes, and for what comes with it. */
    public Draft draft() throws IOException {
        expire();
        Path path;
        String id;
        int more = 0;
        do {
            id = ID.format(Instant.ofEpochMilli(tools.clock().millis())) + (more == 0 ? "" : "-" + more);
            path = folder.resolve(id);
            more++;
        } while (Files.exists(path));
        Files.createDirectories(new JobFolder(path).inner());
        return new Draft(id, new JobFolder(path));
    }

    /** A job that is not taken on yet. */
    public final class Draft {

        private final String id;
        private final JobFolder draft;

        Draft(String id, JobFolder draft) {
            this.id = id;
            this.draft = draft;
        }

        /** Keeps ids that come as a stream; the end of the name says what they are. */
        public Path keep(String name, InputStream ids) throws IOException {
            Path file = draft.upload(name);
            Files.copy(ids, file);
            return file;
        }

        /** Keeps ids that come one by one. */
        public Path keep(String name, List<String> ids) throws IOException {
            Path file = draft.upload(name);
            Files.write(file, ids);
            return file;
        }

        /**
         * Queues the job.
         *
         * @throws AudienceException if it cannot be done as asked; nothing is left of it then
         */
        public AudienceJob submit(AudienceRequest request) throws IOException {
            try {
                AudienceJob job = AudienceJob.create(draft.path(), id, request, tools);
                jobs.put(id, job);
                enqueue(job);
                return job;
            } catch (RuntimeException | IOException e) {
                draft.delete();
                throw e;
            }
        }

        /** Forgets it. */
        public void drop() throws IOException {
            draft.delete();
        }
    }

    /** All jobs, the newest first. */
    public List<AudienceJob> list() {
        List<AudienceJob> all = new ArrayList<>(jobs.values());
        all.sort(Comparator.comparing(AudienceJob::id).reversed());
        return all;
    }

    /** Null if there is no such job. */
    public @Nullable AudienceJob find(String id) {
        return jobs.get(id);
    }

    /** How many are in a state. */
    public long count(JobState.State state) {
        return jobs.values().stream()
                .filter(job -> job.state().state() == state)
                .count();
    }

    /** Customers a second, of all running jobs. */
    public double rate() {
        double rate = 0;
        for (AudienceJob job : jobs.values()) {
            rate += job.state().rate();
        }
        return rate;
    }

    /** Customers that running jobs have still to score. */
    public long left() {
        long left = 0;
        for (AudienceJob job : jobs.values()) {
            JobState state = job.state();
            left += state.state() == JobState.State.RUNNING ? state.total() - state.done() : 0;
        }
        return left;
    }

    /**
     * Takes customers out of the files and states of all jobs; of one that is not over, at its end.
     *
     * @throws IOException if that may not have been done; asking again is harmless
     */
    public synchronized void erase(Collection<String> customers) throws IOException {
        Set<Path> known = new HashSet<>();
        for (AudienceJob job : jobs.values()) {
            job.erase(customers);
            known.add(job.folder());
        }
        erase(folder, known, customers);
    }

    /** The same for a folder of jobs, whether or not a service works on them. */
    public static void erase(Path folder, Collection<String> customers) throws IOException {
        erase(folder, Set.of(), customers);
    }

    private static void erase(Path folder, Set<Path> but, Collection<String> customers) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> found;
        try (Stream<Path> folders = Files.list(folder)) {
            found = folders.filter(path -> !but.contains(path)).toList();
        }
        for (Path path : found) {
            JobFolder job = new JobFolder(path);
            if (job.holdsJob()) {
                JobErasure.note(job, customers);
                JobErasure.settle(job, () -> Progress.open(job));
            }
        }
    }

    /**
     * Queues a job that failed or was cancelled; one that is queued or running goes on as it does.
     *
     * @throws AudienceException if another process works on it
     */
    public void resume(AudienceJob job) throws IOException {
        JobState.State state = job.state().state();
        if (state == JobState.State.FAILED || state == JobState.State.CANCELLED) {
            job.requeue();
            enqueue(job);
        }
    }

    /** Cancels a job that is not done. */
    public void cancel(AudienceJob job) throws IOException {
        switch (job.state().state()) {
            case QUEUED -> job.drop();
            case RUNNING -> job.cancel();
            case DONE, FAILED, CANCELLED -> {}
        }
    }

    /** Running jobs stop where they are, and go on when the service comes back. */
    @Override
    public void close() {
        // Not by interrupts: they would close the very files that the jobs keep their state in.
        jobs.values().forEach(AudienceJob::halt);
        running.shutdown();
        try {
            boolean unused = running.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
