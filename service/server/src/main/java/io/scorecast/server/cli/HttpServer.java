package io.scorecast.server.cli;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the service stands in the network: its settings for Micronaut on Netty, how it begins and how it ends. */
final class HttpServer {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final String MAX_REQUEST = Integer.toString(64 << 20);

    /** How long callers have for what is under way when the service stops. */
    private static final Duration FINISH = Duration.ofSeconds(5);

    private static final int MAX_HEADERS = 16_384;
    private static final int MAX_LINE = 8_192;
    private static final List<String> TLS_VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    private HttpServer() {}

    /**
     * Begins to listen.
     *
     * @throws IOException if the address cannot be had
     */
    static EmbeddedServer listen(ApplicationContext context, ServiceSettings settings) throws IOException {
        try {
            return context.getBean(EmbeddedServer.class).start();
        } catch (ServerStartupException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException || cause instanceof UnresolvedAddressException) {
                    throw new IOException(
                            "cannot listen on " + settings.host() + " port " + settings.port() + ": "
                                    + (cause instanceof BindException ? cause.getMessage() : "no such address")
                                    + "; --port takes another port, 0 any free one",
                            e);
                }
            }
            throw e;
        }
    }

    /** Takes no more connections, tells those there are that the next answer is their last, and waits for what is under way. */
    static void finish(EmbeddedServer http) throws Exception {
        if (http instanceof GracefulShutdownCapable capable) {
            try {
                capable.shutdownGracefully().toCompletableFuture().get(FINISH.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                LOG.warn("Some callers were not done within {} s", FINISH.toSeconds());
            }
        }
    }

    /** What Micronaut has to know. */
    static Map<String, Object> properties(ServiceSettings settings) {
        int port = settings.port() == 0 ? -1 : settings.port();
        Map<String, Object> properties = new HashMap<>();
        properties.put("micronaut.application.name", "scorecast");
        properties.put("micronaut.server.host", settings.host());
        properties.put("micronaut.server.port", port);
        properties.put("micronaut.server.max-request-size", MAX_REQUEST);
        properties.put("micronaut.server.max-request-buffer-size", MAX_REQUEST);
        properties.put("micronaut.server.netty.max-header-size", MAX_HEADERS);
        properties.put("micronaut.server.netty.max-initial-line-length", MAX_LINE);
        properties.put("micronaut.server.netty.compression-threshold", -1);
        // Bodies unpacks them, and refuses what is damaged or breaks off; the pipeline would not notice an end too
        // soon.
        properties.put("micronaut.server.netty.request-decompression-enabled", false);
        properties.put("scorecast.max-connections", settings.access().maxConnections());
        AccessSettings.Tls tls = settings.access().tls();
        if (tls != null) {
            properties.put("micronaut.server.ssl.enabled", true);
            properties.put("micronaut.server.ssl.port", port);
            properties.put("micronaut.server.ssl.key-name", "service");
            properties.put("micronaut.server.ssl.protocols", TLS_VERSIONS);
            properties.put("micronaut.certificate.file.service.format", "PEM");
            properties.put("micronaut.certificate.file.service.path", tls.key().toAbsolutePath());
            properties.put(
                    "micronaut.certificate.file.service.certificate-path",
                    tls.certificate().toAbsolutePath());
            // A renewed certificate is taken up without a restart.
            properties.put("micronaut.certificate.file.service.refresh-mode", "FILE_WATCHER_OR_SCHEDULER");
        }
        return properties;
    }
}
