package io.scorecast.loadtest.run;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go.
 *
 * @param url of http or https, perhaps with a path before the service's own
 * @param key sent as {@code X-Api-Key}, where the service asks for one
 */
record Target(URI url, @Nullable String key) {

    boolean isSecure() {
        return "https".equals(url.getScheme());
    }

    int port() {
        return url.getPort() >= 0 ? url.getPort() : isSecure() ? 443 : 80;
    }

    /** Looked up anew at each call. */
    InetSocketAddress address() {
        return new InetSocketAddress(url.getHost(), port());
    }

    /** What stands before each of the service's paths; empty for most. */
    String prefix() {
        String path = url.getRawPath();
        return path == null ? "" : path.replaceFirst("/+$", "");
    }

    /** A request's head from the end of its path on, up to what depends on its body. */
    byte[] head() {
        String host = url.getPort() >= 0 ? url.getHost() + ":" + url.getPort() : url.getHost();
        String secret = key == null || key.isEmpty() ? "" : "X-Api-Key: " + key + "\r\n";
        return (" HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: scorecast-loadtest\r\n" + secret)
                .getBytes(StandardCharsets.UTF_8);
    }
}
