package io.scorecast.engine.event;

/** The text is no JSON, or not of the shape that events come in: nothing after the place can be read. */
public final class MalformedEventsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int index;

    /**
     * @param index the event that was being read, from 0
     */
    MalformedEventsException(int index, String detail) {
        super(detail, null, false, false);
        this.index = index;
    }

    public int index() {
        return index;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
