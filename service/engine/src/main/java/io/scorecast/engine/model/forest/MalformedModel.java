package io.scorecast.engine.model.forest;

/** A model file is not what its format promises. */
final class MalformedModel extends Exception {

    private static final long serialVersionUID = 1;

    private final int line;
    private final int column;

    /** Without a place in the text. */
    MalformedModel(String message) {
        this(message, 0, 0);
    }

    /** Takes line and column from 1, or 0 for none. */
    MalformedModel(String message, int line, int column) {
        super(message);
        this.line = line;
        this.column = column;
    }

    int line() {
        return line;
    }

    int column() {
        return column;
    }
}
