package io.scorecast.server.cli;

import io.scorecast.engine.event.ArrivalRule;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventSink;
import io.scorecast.server.ingest.file.EventFile;
import io.scorecast.server.ingest.file.TableShape;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads event files one after the other, with a progress bar and a list of the bad rows. */
final class EventFiles {

    private static final int REDRAW_EVERY = 1_000;

    private final List<EventFile> files;
    private final String label;
    private final long totalBytes;
    private final PrintWriter err;

    private EventFiles(List<EventFile> files, String label, PrintWriter err) {
        this.files = files;
        this.label = label;
        this.totalBytes = files.stream().mapToLong(EventFile::size).sum();
        this.err = err;
    }

    /**
     * Looks at all files before any is read.
     *
     * @param label of the progress bar
     * @throws IOException if one of them cannot be read
     */
    static EventFiles open(List<Path> paths, String label, PrintWriter err) throws IOException {
        return open(paths, path -> TableShape.PLAIN, label, err);
    }

    /** What a file's tables are like. */
    @FunctionalInterface
    interface Shapes {
        TableShape of(Path path) throws IOException;
    }

    /** The same with tables of other shapes. */
    static EventFiles open(List<Path> paths, Shapes shapes, String label, PrintWriter err) throws IOException {
        List<EventFile> files = new ArrayList<>();
        for (Path path : paths) {
            files.add(EventFile.open(path, shapes.of(path)));
        }
        return new EventFiles(files, label, err);
    }

    /**
     * Hands every good event to a consumer, in the order of the files, and lists the bad rows.
     *
     * @param received epoch milliseconds
     * @throws IOException if a file cannot be read to its end
     */
    void read(ArrivalRule rule, long received, BadRows bad, EventConsumer consumer) throws IOException {
        long before = 0;
        try (ProgressBar bar = new ProgressBar(err, label)) {
            for (EventFile file : files) {
                file.read(rule, received, new Reading(file, before, bar, bad, consumer));
                before += file.size();
            }
        }
    }

    /** Takes the good events. */
    @FunctionalInterface
    interface EventConsumer {

        /**
         * Takes one.
         *
         * @param arrival epoch milliseconds
         * @param row where it stands, for what is wrong with it although it is taken
         */
        void take(Event event, long arrival, Row row);
    }

    /**
     * A row of a file.
     *
     * @param index from 0
     */
    record Row(EventFile file, int index) {}

    private final class Reading implements EventSink {

        private final EventFile file;
        private final long before;
        private final ProgressBar bar;
        private final BadRows bad;
        private final EventConsumer consumer;
        private long count;

        Reading(EventFile file, long before, ProgressBar bar, BadRows bad, EventConsumer consumer) {
            this.file = file;
            this.before = before;
            this.bar = bar;
            this.bad = bad;
            this.consumer = consumer;
        }

        @Override
        public void event(int index, Event event, long arrival) {
            consumer.take(event, arrival, new Row(file, index));
            if (++count % REDRAW_EVERY == 0) {
                bar.at(before + file.position(), totalBytes);
            }
        }

        @Override
        public void error(EventError error) {
            bad.add(file, error);
        }
    }
}
