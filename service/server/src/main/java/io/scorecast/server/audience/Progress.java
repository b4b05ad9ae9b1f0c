package io.scorecast.server.audience;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a job, kept in its folder whenever a part is whole or the state changes; what is on disk is where
 * another process goes on. Changed by the job's thread, read by all.
 */
final class Progress {

    private final JobFolder folder;
    final String id;
    final AudienceRequest request;
    final long created;

    private JobState.State state = JobState.State.QUEUED;

    /** What others see: what is on disk, so that whoever sees an end finds the folder as it is to stay. */
    private JobState.State shown = JobState.State.QUEUED;

    private @Nullable Long started;
    private @Nullable Long finished;
    private String problem = "";

    // Pinned at the start.
    private long at;
    private Map<String, Integer> versions = Map.of();
    private String fingerprint = "";

    // How far the written parts reach.
    private final List<JobState.Part> parts = new ArrayList<>();
    private Counts counts = new Counts();
    private Checkpoint reached = Checkpoint.START;
    private long total = -1;
    private boolean ranked;
    private IdPlace idPlace = IdPlace.NONE;

    /** When the file that this was read from, or written to, was written. */
    private volatile FileTime kept = FileTime.fromMillis(0);

    // Of this run, not kept.
    private volatile long done;
    private volatile long doneBefore;
    private volatile long startedNanos;

    /**
     * Where the next part begins.
     *
     * @param offset in the spool
     * @param last the customer before it; empty at the beginning
     * @param done customers before it
     * @param rejectedBytes length of the rejects' file, and of the two that follow
     */
    record Checkpoint(
            long offset,
            String last,
            long done,
            long rows,
            long rejected,
            long rejectedBytes,
            long digestBytes,
            long leftBytes) {

        static final Checkpoint START = new Checkpoint(0, "", 0, 0, 0, 0, 0, 0);
    }

    Progress(JobFolder folder, String id, AudienceRequest request, long created) {
        this.folder = folder;
        this.id = id;
        this.request = request;
        this.created = created;
    }

    /** Reads what a folder holds. */
    static Progress open(JobFolder folder) throws IOException {
        FileTime kept = Files.getLastModifiedTime(folder.state());
        Map<String, Object> text = Plain.read(Files.readAllBytes(folder.state()));
        Progress progress = new Progress(
                folder,
                Plain.text(text, "id"),
                RequestText.read(Plain.map(text, "request")),
                Plain.number(text, "created"));
        progress.kept = kept;
        for (JobState.State state : JobState.State.values()) {
            if (state.word().equals(Plain.text(text, "state"))) {
                progress.state = state;
                progress.shown = state;
            }
        }
        progress.started = text.get("started") instanceof Number n ? Long.valueOf(n.longValue()) : null;
        progress.finished = text.get("finished") instanceof Number n ? Long.valueOf(n.longValue()) : null;
        progress.problem = Plain.text(text, "problem");
        progress.at = Plain.number(text, "at");
        Map<String, Integer> versions = new LinkedHashMap<>();
        Plain.map(text, "versions").forEach((model, version) -> {
            if (version instanceof Number number) {
                versions.put(model, number.intValue());
            }
        });
        progress.versions = versions;
        progress.fingerprint = Plain.text(text, "fingerprint");
        for (Object part : Plain.list(text, "parts")) {
            if (part instanceof Map<?, ?> members) {
                Map<String, Object> named = new LinkedHashMap<>();
                members.forEach((name, value) -> named.put(String.valueOf(name), value));
                progress.parts.add(new JobState.Part(
                        Plain.text(named, "name"),
                        Plain.number(named, "rows"),
                        Plain.number(named, "bytes"),
                        Plain.text(named, "sha256"),
                        Plain.text(named, "first"),
                        Plain.text(named, "last")));
            }
        }
        progress.counts = Counts.read(Plain.map(text, "counts"));
        Map<String, Object> reached = Plain.map(text, "reached");
        progress.reached = new Checkpoint(
                Plain.number(reached, "offset"),
                Plain.text(reached, "last"),
                Plain.number(reached, "done"),
                Plain.number(reached, "rows"),
                Plain.number(reached, "rejected"),
                Plain.number(reached, "rejected_bytes"),
                Plain.number(reached, "digest_bytes"),
                Plain.number(reached, "left_bytes"));
        progress.total = text.get("total") instanceof Number n ? n.longValue() : -1;
        progress.idPlace = new IdPlace(Plain.text(text, "id_column"), Plain.text(text, "id_member"));
        progress.ranked = Boolean.TRUE.equals(text.get("ranked"));
        progress.done = progress.reached.done();
        return progress;
    }

    private synchronized Map<String, Object> text() {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("id", id);
        text.put("state", state.word());
        text.put("created", created);
        put(text, "started", started);
        put(text, "finished", finished);
        text.put("problem", problem);
        text.put("request", RequestText.of(request));
        text.put("at", at);
        text.put("versions", versions);
        text.put("fingerprint", fingerprint);
        text.put("id_column", idPlace.column());
        text.put("id_member", idPlace.member());
        text.put("parts", partsText(true));
        text.put("counts", counts.text());
        Map<String, Object> place = new LinkedHashMap<>();
        place.put("offset", reached.offset());
        place.put("last", reached.last());
        place.put("done", reached.done());
        place.put("rows", reached.rows());
        place.put("rejected", reached.rejected());
        place.put("rejected_bytes", reached.rejectedBytes());
        place.put("digest_bytes", reached.digestBytes());
        place.put("left_bytes", reached.leftBytes());
        text.put("reached", place);
        put(text, "total", total < 0 ? null : (Long) total);
        text.put("ranked", ranked);
        return text;
    }

    private static void put(Map<String, Object> text, String name, @Nullable Object value) {
        if (value != null) {
            text.put(name, value);
        }
    }

    List<Map<String, Object>> partsText() {
        return partsText(false);
    }

    private synchronized List<Map<String, Object>> partsText(boolean whose) {
        List<Map<String, Object>> texts = new ArrayList<>();
        for (JobState.Part part : parts) {
            Map<String, Object> text = new LinkedHashMap<>();
            text.put("name", part.name());
            text.put("rows", part.rows());
            text.put("bytes", part.bytes());
            text.put("sha256", part.sha256());
            if (whose) {
                text.put("first", part.first());
                text.put("last", part.last());
            }
            texts.add(text);
        }
        return texts;
    }

    void save() throws IOException {
        JobFolder.replace(folder.state(), text());
        kept = Files.getLastModifiedTime(folder.state());
    }

    /** Whether another process has changed the job since. */
    boolean isOvertaken() throws IOException {
        return Files.exists(folder.state())
                && !Files.getLastModifiedTime(folder.state()).equals(kept);
    }

    /** Goes into another state, and keeps it. */
    void become(JobState.State next, long now, String why) throws IOException {
        synchronized (this) {
            state = next;
            problem = why;
            if (next == JobState.State.RUNNING) {
                started = started == null ? Long.valueOf(now) : started;
                finished = null;
                startedNanos = System.nanoTime();
                doneBefore = reached.done();
                done = doneBefore;
            } else if (!next.isLive()) {
                finished = now;
            }
        }
        try {
            save();
        } finally {
            // Also where a full disk does not take it: the job has come to that state here.
            show(next);
        }
    }

    private synchronized void show(JobState.State next) {
        shown = next;
    }

    synchronized void pin(long instant, Map<String, Integer> pinned, String print) {
        at = instant;
        versions = new LinkedHashMap<>(pinned);
        fingerprint = print;
    }

    synchronized void layout(IdPlace place) {
        idPlace = place;
    }

    synchronized IdPlace idPlace() {
        return idPlace;
    }

    /**
     * Customers were taken out.
     *
     * @param last the customer before the place that is reached
     * @param ahead how many of them were still to be scored
     */
    synchronized void erased(
            List<JobState.Part> left, String last, long ahead, long rejected, long rejectedBytes, long leftBytes) {
        parts.clear();
        parts.addAll(left);
        total -= ahead;
        long rows = 0;
        for (JobState.Part part : parts) {
            rows += part.rows();
        }
        reached = new Checkpoint(
                reached.offset(),
                last,
                reached.done(),
                rows,
                rejected,
                rejectedBytes,
                reached.digestBytes(),
                leftBytes);
    }

    /** The customers are in the spool. */
    synchronized void spooled(long customers, Counts found, Checkpoint start) {
        total = customers;
        counts = found;
        reached = start;
        doneBefore = start.done();
    }

    /** Begins anew, with the same instant and versions. */
    synchronized void restart() {
        parts.clear();
        counts = new Counts();
        reached = Checkpoint.START;
        total = -1;
        ranked = false;
        done = 0;
    }

    /** The best are chosen; they are all that is left to write. */
    synchronized void ranked(Counts found, Checkpoint start) {
        ranked = true;
        counts = found;
        reached = start;
    }

    /** A part is whole, or the end is reached without another one. */
    void reached(JobState.@Nullable Part part, Counts found, Checkpoint place) throws IOException {
        synchronized (this) {
            if (part != null) {
                parts.add(part);
            }
            counts = found;
            reached = place;
        }
        save();
    }

    void at(long customers) {
        done = customers;
    }

    synchronized Checkpoint reached() {
        return reached;
    }

    synchronized Counts counts() {
        return Counts.read(counts.text());
    }

    synchronized long total() {
        return total;
    }

    synchronized boolean isRanked() {
        return ranked;
    }

    synchronized long instant() {
        return at;
    }

    synchronized Map<String, Integer> versions() {
        return versions;
    }

    synchronized String fingerprint() {
        return fingerprint;
    }

    synchronized int partCount() {
        return parts.size();
    }

    synchronized JobState.State state() {
        return state;
    }

    synchronized JobState view() {
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        boolean running = shown == JobState.State.RUNNING;
        long through = running ? done : reached.done();
        double rate = running && seconds > 0 ? (through - doneBefore) / seconds : 0;
        double left = running && rate > 0 && total >= 0 ? (total - through) / rate : -1;
        return new JobState(
                id,
                shown,
                created,
                started,
                finished,
                at,
                versions,
                through,
                Math.max(0, total),
                rate,
                left,
                reached.rows(),
                reached.rejected(),
                parts,
                counts.text(),
                problem);
    }
}
