package io.scorecast.engine.profile;

/** Three-valued logic, as in SQL. */
public enum Truth {
    NO,
    YES,
    MISSING;

    public static Truth of(boolean value) {
        return value ? YES : NO;
    }
}
