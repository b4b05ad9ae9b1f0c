package io.scorecast.server.cli;

import io.scorecast.server.security.Auth;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who gets in, and how.
 *
 * @param auditKey for the hashes of customers in the audit record; null for a random one that instances share
 * @param tls null for plain HTTP
 * @param maxConnections at once
 */
record AccessSettings(
        Auth auth, @Nullable String auditKey, @Nullable Tls tls, int maxConnections) {

    static final int DEFAULT_MAX_CONNECTIONS = 16_384;
    static final AccessSettings DEFAULT = new AccessSettings(Auth.AUTO, null, null, DEFAULT_MAX_CONNECTIONS);

    /** PEM files. */
    record Tls(Path certificate, Path key) {}

    /** Whether an address can be reached from this machine alone. */
    static boolean isLoopback(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Keeps the audit key out of logs. */
    @Override
    public String toString() {
        return "AccessSettings[auth=" + auth + "]";
    }
}
