package io.scorecast.server.audience;

/** A job that cannot be done as asked, and why, in one sentence that names the culprit. */
public final class AudienceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String field;

    /**
     * Says what is wrong.
     *
     * @param field of the request that is to blame; empty if none is
     */
    public AudienceException(String field, String detail) {
        super(detail);
        this.field = field;
    }

    public String field() {
        return field;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
