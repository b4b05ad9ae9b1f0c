package io.scorecast.server.store;

import java.time.Duration;
import java.util.Map;

/**
 * Small facts that all instances share: which versions are pinned, who is there and what each serves. Calls block and throw
 * {@link StoreUnavailableException} if they cannot be done.
 */
public interface ControlStore {

    /** All facts of a topic; none if there is no such topic. */
    Map<String, String> facts(String topic);

    /** Sets a fact, and tells the other instances. */
    void set(String topic, String name, String value);

    /** Removes a fact, and tells the other instances. */
    void remove(String topic, String name);

    /** Sets a fact that nobody need hear of at once. */
    void note(String topic, String name, String value);

    /**
     * Takes a task that only one instance may do at a time, or goes on with it.
     *
     * @param lasts until others may take it, unless it is taken again
     * @return whether this holder has it
     */
    boolean lease(String task, String holder, Duration lasts);

    /** Calls {@code heard}, from a thread of its own, whenever an instance has told of a change. Messages may get lost. */
    AutoCloseable listen(Runnable heard);
}
