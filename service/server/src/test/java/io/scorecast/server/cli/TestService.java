package io.scorecast.server.cli;

import io.scorecast.engine.scorer.ScorerSettings;
import io.scorecast.server.scoring.ScoringSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A whole service in this process: a real Redis, the shipped models, HTTP on a free port of loopback. */
public final class TestService implements AutoCloseable {

    /** The model versions that are served by default. */
    public static final Path SHIPPED_MODELS = Path.of("../../models");

    private final Service service;

    private TestService(Service service) {
        this.service = service;
    }

    /** How a service is started. */
    public record Setup(Path data, Path models, @Nullable URI redis, Clock clock, ScoringSettings scoring) {

        /** As by default, with a Redis of its own below a folder. */
        public static Setup in(Path data) {
            return new Setup(data, SHIPPED_MODELS, null, Clock.systemUTC(), ScoringSettings.standard());
        }

        public Setup models(Path other) {
            return new Setup(data, other, redis, clock, scoring);
        }

        public Setup redis(URI other) {
            return new Setup(data, models, other, clock, scoring);
        }

        public Setup clock(Clock other) {
            return new Setup(data, models, redis, other, scoring);
        }

        public Setup deadline(Duration other) {
            return new Setup(data, models, redis, clock, scoring.withDeadline(other));
        }

        public TestService start() throws IOException {
            return new TestService(Service.start(
                    new ServiceSettings("127.0.0.1", 0, models, redis, data, ScorerSettings.DEFAULT, scoring), clock));
        }
    }

    public URI url() {
        return service.url();
    }

    @Override
    public void close() {
        service.close();
    }
}
