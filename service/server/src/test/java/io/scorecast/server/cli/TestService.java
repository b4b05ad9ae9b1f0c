package io.scorecast.server.cli;

import io.scorecast.engine.scorer.ScorerSettings;
import io.scorecast.server.ingest.AttributeRule;
import io.scorecast.server.scoring.ScoringSettings;
import io.scorecast.server.security.Auth;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
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
    public record Setup(
            Path data,
            Path models,
            @Nullable URI redis,
            Clock clock,
            ScorerSettings scorer,
            ScoringSettings scoring,
            PrivacySettings privacy,
            @Nullable String idKey) {

        /** As by default, with a Redis of its own below a folder. */
        public static Setup in(Path data) {
            return new Setup(
                    data,
                    SHIPPED_MODELS,
                    null,
                    Clock.systemUTC(),
                    ScorerSettings.DEFAULT,
                    ScoringSettings.standard(),
                    PrivacySettings.DEFAULT,
                    null);
        }

        public Setup models(Path other) {
            return new Setup(data, other, redis, clock, scorer, scoring, privacy, idKey);
        }

        public Setup redis(URI other) {
            return new Setup(data, models, other, clock, scorer, scoring, privacy, idKey);
        }

        public Setup clock(Clock other) {
            return new Setup(data, models, redis, other, scorer, scoring, privacy, idKey);
        }

        public Setup deadline(Duration other) {
            return new Setup(data, models, redis, clock, scorer, scoring.withDeadline(other), privacy, idKey);
        }

        public Setup cacheMaxAge(Duration other) {
            return new Setup(data, models, redis, clock, scorer, scoring.withCacheMaxAge(other), privacy, idKey);
        }

        public Setup consentRequired() {
            ScorerSettings strict = new ScorerSettings(scorer.ageLimit(), scorer.sourcePriority(), true);
            return new Setup(data, models, redis, clock, strict, scoring, privacy, idKey);
        }

        public Setup scoring(ScoringSettings other) {
            return new Setup(data, models, redis, clock, scorer, other, privacy, idKey);
        }

        /** Makes ids unreadable in Redis. */
        public Setup idKey(String key) {
            return new Setup(data, models, redis, clock, scorer, scoring, privacy, key);
        }

        /** Stores only some attributes. */
        public Setup attributesAllowed(String... paths) {
            PrivacySettings less = new PrivacySettings(AttributeRule.only(List.of(paths)), privacy.retention());
            return new Setup(data, models, redis, clock, scorer, scoring, less, idKey);
        }

        /** Removes profiles that nobody has seen for so long. */
        public Setup retention(Duration keep) {
            PrivacySettings shorter = new PrivacySettings(privacy.attributes(), keep);
            return new Setup(data, models, redis, clock, scorer, scoring, shorter, idKey);
        }

        public TestService start() throws IOException {
            return start("127.0.0.1", AccessSettings.DEFAULT);
        }

        /** On all addresses of this machine, by HTTPS, for so many connections. */
        public TestService startForAll(Path certificate, Path key, int connections) throws IOException {
            AccessSettings.Tls tls = new AccessSettings.Tls(certificate, key);
            return start("0.0.0.0", new AccessSettings(Auth.AUTO, null, tls, connections));
        }

        private TestService start(String host, AccessSettings access) throws IOException {
            ServiceSettings settings = new ServiceSettings(host, 0, models, redis, data, scorer, scoring);
            return new TestService(Service.start(
                    settings.store(settings.store().idKey(idKey)).access(access).privacy(privacy), clock));
        }
    }

    /** What became of a command. */
    public record Ran(int code, String out, String err) {

        /** What a command that must succeed has written. */
        public String output() {
            if (code != 0) {
                throw new AssertionError(code + " " + err);
            }
            return out.strip();
        }
    }

    /** Runs a command in this process. */
    public static Ran command(Object... words) {
        Commands.Done done = Commands.run(words);
        return new Ran(done.code(), done.out(), done.err());
    }

    public URI url() {
        return service.url();
    }

    /** The Redis of its own. */
    public URI redis() {
        return service.redis();
    }

    @Override
    public void close() {
        service.close();
    }
}
