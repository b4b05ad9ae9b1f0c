package io.scorecast.server.serving;

import io.scorecast.engine.model.ModelRepository;
import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notices what changes in a repository: at once where the system tells of file events, and by looking, which also works on
 * network mounts. Knows which folders are still being written, by how long ago they last changed. Looked at by one thread.
 */
final class FolderWatch implements AutoCloseable {

    /** A folder that has not changed for so long has been written, unless files that it lists are missing. */
    static final Duration QUIET = Duration.ofSeconds(2);

    /** How long missing files are waited for since the last change. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path repository;
    private final Clock clock;
    private final @Nullable WatchService events;
    private final Set<Path> watched = new HashSet<>();
    private final Map<Path, Seen> seen = new HashMap<>();
    private String contents = "";
    private boolean first = true;
    private long last;

    /**
     * @param heard called from another thread when there may be something to look at
     */
    FolderWatch(Path repository, Clock clock, Runnable heard) {
        this.repository = repository;
        this.clock = clock;
        this.events = open(heard);
    }

    /**
     * A folder when it was last looked at.
     *
     * @param changed when it was first seen like this, epoch milliseconds
     */
    private record Seen(String stamp, long changed) {}

    private @Nullable WatchService open(Runnable heard) {
        try {
            WatchService service = repository.getFileSystem().newWatchService();
            Thread.ofPlatform().daemon().name("models-watch").start(() -> listen(service, heard));
            return service;
        } catch (IOException | UnsupportedOperationException e) {
            return null; // Looking is enough, only slower.
        }
    }

    private static void listen(WatchService service, Runnable heard) {
        try {
            while (true) {
                WatchKey key = service.take();
                key.pollEvents();
                key.reset();
                heard.run();
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks, and says whether anything has changed or come to rest since the last look. */
    boolean look() {
        long now = clock.millis();
        boolean changed = false;
        Map<Path, Seen> found = new HashMap<>();
        watch(repository);
        for (Map.Entry<String, List<Path>> model :
                ModelRepository.list(repository, new Problems()).entrySet()) {
            watch(repository.resolve(model.getKey()));
            for (Path folder : model.getValue()) {
                watch(folder);
                Seen before = seen.get(folder);
                String stamp = ModelRepository.stamp(folder);

                // What was there at the start has been there for a while.
                Seen next = before != null && before.stamp().equals(stamp) ? before : new Seen(stamp, first ? 0 : now);
                changed |= !next.equals(before) || (isRecent(next, last) && !isRecent(next, now));
                found.put(folder, next);
            }
        }
        changed |= !found.keySet().containsAll(seen.keySet());
        if (changed || first) {
            contents = ModelRepository.contents(repository);
        }
        seen.clear();
        seen.putAll(found);
        first = false;
        last = now;
        return changed;
    }

    /** What the repository held when it last changed: the versions and their checksums. */
    String contents() {
        return contents;
    }

    /** Whether a folder changed a moment ago. */
    boolean isRecent(Path folder) {
        Seen found = seen.get(folder);
        return found != null && isRecent(found, clock.millis());
    }

    private static boolean isRecent(Seen folder, long now) {
        return now - folder.changed() < QUIET.toMillis();
    }

    /** Whether a folder that does not pass may yet become whole. */
    boolean isArriving(Path folder) {
        Seen found = seen.get(folder);
        if (found == null) {
            return false;
        }
        long age = clock.millis() - found.changed();
        return age < QUIET.toMillis() || (age < PATIENCE.toMillis() && !ModelRepository.isComplete(folder));
    }

    private void watch(Path folder) {
        if (events == null || !Files.isDirectory(folder) || !watched.add(folder)) {
            return;
        }
        try {
            folder.register(
                    events,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_DELETE,
                    StandardWatchEventKinds.ENTRY_MODIFY);
        } catch (IOException e) {
            watched.remove(folder); // Gone meanwhile, or no events here.
        }
    }

    @Override
    public void close() {
        if (events != null) {
            try {
                events.close();
            } catch (IOException e) {
                // Nothing is lost: the process ends.
            }
        }
    }
}
