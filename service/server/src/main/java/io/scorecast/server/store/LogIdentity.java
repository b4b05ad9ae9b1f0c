package io.scorecast.server.store;

import io.scorecast.engine.profile.LogHeader;
import org.jspecify.annotations.Nullable;

/**
 * What identifies a log's content; equal exactly where the content is.
 *
 * @param header null if there is no log
 * @param length bytes, header included; 0 if there is no log
 */
public record LogIdentity(@Nullable LogHeader header, long length) {

    /** Of a customer without a log. */
    public static final LogIdentity NONE = new LogIdentity(null, 0);
}
