package io.scorecast.server.store;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * Where Redis is.
 *
 * <pre>
 * redis://[user:password@]host[:port][/database]                     one server, or any node of a cluster
 * redis+cluster://[user:password@]host:port,host:port                nodes of a cluster
 * redis+sentinel://[user:password@]host:port,host:port/master[/database]   Sentinels, and the name of their master
 * </pre>
 *
 * <p>{@code rediss} instead of {@code redis} speaks TLS. In user and password, what has a meaning in a URL is
 * percent-encoded.
 */
record RedisUrl(
        Kind kind,
        boolean tls,
        @Nullable String user,
        @Nullable String password,
        List<HostAndPort> hosts,
        @Nullable String master,
        int database) {

    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26379;

    /** How many servers, and who knows where they are. */
    enum Kind {
        SERVER,
        CLUSTER,
        SENTINEL
    }

    RedisUrl {
        hosts = List.copyOf(hosts);
    }

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException that says what is wrong, without the password
     */
    static RedisUrl parse(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        Kind kind = kind(scheme);
        String authority = url.getRawAuthority();
        if (authority == null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw bad();
        }
        int at = authority.lastIndexOf('@');
        String login = at < 0 ? "" : authority.substring(0, at);
        int colon = login.indexOf(':');
        String user = colon < 0 ? login : login.substring(0, colon);
        String password = colon < 0 ? "" : login.substring(colon + 1);
        String[] path = path(url);
        int names = kind == Kind.SENTINEL ? 1 : 0;
        if (path.length < names || path.length > names + (kind == Kind.CLUSTER ? 0 : 1)) {
            throw bad();
        }
        return new RedisUrl(
                kind,
                scheme.startsWith("rediss"),
                user.isEmpty() ? null : decode(user),
                password.isEmpty() ? null : decode(password),
                hosts(authority.substring(at + 1), kind),
                names == 0 ? null : decode(path[0]),
                path.length > names ? database(path[names]) : 0);
    }

    private static Kind kind(String scheme) {
        return switch (scheme) {
            case "redis", "rediss" -> Kind.SERVER;
            case "redis+cluster", "rediss+cluster" -> Kind.CLUSTER;
            case "redis+sentinel", "rediss+sentinel" -> Kind.SENTINEL;
            default -> throw bad();
        };
    }

    private static String[] path(URI url) {
        String path = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("^/+|/+$", "");
        return path.isEmpty() ? new String[0] : path.split("/", -1);
    }

    private static List<HostAndPort> hosts(String list, Kind kind) {
        List<HostAndPort> hosts = new ArrayList<>();
        for (String host : list.split(",", -1)) {
            hosts.add(host(host, kind == Kind.SENTINEL ? SENTINEL_PORT : REDIS_PORT));
        }
        if (kind == Kind.SERVER && hosts.size() > 1) {
            throw new IllegalArgumentException("several hosts need redis+cluster:// or redis+sentinel://");
        }
        return hosts;
    }

    private static HostAndPort host(String text, int defaultPort) {
        int colon = text.lastIndexOf(':');
        boolean port = colon > text.lastIndexOf(']');
        String host = port ? text.substring(0, colon) : text;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty()) {
            throw bad();
        }
        return new HostAndPort(host, port ? number(text.substring(colon + 1), 65_535) : defaultPort);
    }

    private static int database(String text) {
        return number(text, Integer.MAX_VALUE);
    }

    private static int number(String text, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw bad();
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException bad() {
        return new IllegalArgumentException("expected redis://host:port, redis+cluster://host:port,host:port or"
                + " redis+sentinel://host:port,host:port/master (rediss for TLS)");
    }

    /** Never with the password. */
    @Override
    public String toString() {
        return kind + " " + hosts + (master == null ? "" : " " + master);
    }
}
