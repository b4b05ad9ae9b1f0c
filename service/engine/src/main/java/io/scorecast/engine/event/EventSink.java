package io.scorecast.engine.event;

/** Takes what a reader of events finds, in the order of the input. */
public interface EventSink {

    /**
     * An event that was taken.
     *
     * @param index its position in the input, from 0
     * @param arrival when it counts as having arrived, epoch milliseconds
     */
    void event(int index, Event event, long arrival);

    /** One that was not. */
    void error(EventError error);
}
