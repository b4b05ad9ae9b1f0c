package io.scorecast.server.security;

/** What came of asking whether a call is allowed. */
public sealed interface Access {

    /** It is, for whoever this is. */
    record Granted(String who) implements Access {}

    /** No key was presented that counts: 401. */
    record Unauthenticated(String detail) implements Access {}

    /** The key is for other things: 403. */
    record Forbidden(String detail) implements Access {}

    /** The key asks oftener than it may: 429. */
    record TooMany(String detail, long retryAfterSeconds) implements Access {}

    /** Nobody can say which keys there are: 503. */
    record Unknown(String detail) implements Access {}
}
