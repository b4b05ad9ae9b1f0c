package io.scorecast.engine.event;

/** An event, or a part of one, that cannot be taken. Carries no stack trace: bad input is ordinary. */
public final class InvalidEventException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String field;

    /**
     * @param field the field to blame, as the sender named it ({@code attributes.loyalty.tier}); empty if it is the whole
     * @param detail what is wrong with it, one sentence that names the culprit
     */
    public InvalidEventException(String field, String detail) {
        super(detail, null, false, false);
        this.field = field;
    }

    public String field() {
        return field;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
