package io.scorecast.server.security;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A call as far as its permission depends on it. The query is read only if there is no header with a key. */
public interface Call {

    String method();

    /** Undecoded. */
    String rawPath();

    /** The header {@code Authorization}. */
    @Nullable
    String authorization();

    /** The header {@code X-Api-Key}. */
    @Nullable
    String keyHeader();

    /** The query's parameters by name. */
    Set<String> parameters();

    /** The parameter {@code token}. */
    @Nullable
    String token();
}
