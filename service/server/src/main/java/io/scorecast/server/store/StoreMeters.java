package io.scorecast.server.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What becomes of logs. {@code scorecast.logs.unreadable} is one to raise an alarm on. */
public final class StoreMeters {

    private final Counter compactions;
    private final Counter overtaken;
    private final Counter duplicates;
    private final Counter conflicts;
    private final Counter capped;
    private final Counter dropped;
    private final Counter unreadable;

    public StoreMeters(MeterRegistry registry) {
        compactions = counter(registry, "scorecast.compactions", "Logs that were rewritten");
        overtaken = counter(
                registry, "scorecast.compactions.overtaken", "Compactions given up because the log changed meanwhile");
        duplicates = counter(registry, "scorecast.compactions.duplicates", "Repeated events that compactions removed");
        conflicts = counter(
                registry,
                "scorecast.compactions.conflicts",
                "Repeated events that said something else than the first, removed by compactions");
        capped = counter(registry, "scorecast.logs.capped", "Times that a log over its limits lost its oldest events");
        dropped = counter(registry, "scorecast.logs.dropped.events", "Events lost because a log was over its limits");
        unreadable = counter(
                registry,
                "scorecast.logs.unreadable",
                "Times that a log could not be read from some event on; such a log is never rewritten");
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    void compacted(int removed, int differing) {
        compactions.increment();
        duplicates.increment(removed);
        conflicts.increment(differing);
    }

    void overtaken() {
        overtaken.increment();
    }

    void capped(long events) {
        capped.increment();
        dropped.increment((double) events);
    }

    void unreadable() {
        unreadable.increment();
    }
}
