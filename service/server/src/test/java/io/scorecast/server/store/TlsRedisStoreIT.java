package io.scorecast.server.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.server.TestCertificate;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis behind TLS, with a certificate that Java trusts because it was told to. */
class TlsRedisStoreIT extends StoreContract {

    private static final String TRUST = "javax.net.ssl.trustStore";
    private static final String PASSWORD = "javax.net.ssl.trustStorePassword";

    private static RedisProcess redis;
    private static TlsFront front;
    private static RedisStore store;
    private static URI url;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        redis = RedisProcess.server(folder.resolve("redis"));
        TestCertificate certificate = TestCertificate.make(folder.resolve("tls"));
        front = new TlsFront(certificate, redis.url().getPort());
        url = URI.create("rediss://127.0.0.1:" + front.port());
        trust(certificate.store().toString());
        store = RedisClients.open(url);
    }

    @AfterAll
    static void stop() {
        store.close();
        front.close();
        redis.close();
        forget();
    }

    private static void trust(String file) {
        System.setProperty(TRUST, file);
        System.setProperty(PASSWORD, TestCertificate.PASSWORD);
    }

    private static void forget() {
        System.clearProperty(TRUST);
        System.clearProperty(PASSWORD);
    }

    @Override
    RedisStore store() {
        return store;
    }

    @Test
    void certificateThatNobodyTrusts_isRefused() {
        String trusted = System.getProperty(TRUST);
        forget();
        try (RedisStore wary = RedisClients.open(url)) {
            assertThatThrownBy(() -> wary.read(List.of(CustomerId.of("c"))))
                    .isInstanceOf(StoreUnavailableException.class);
        } finally {
            trust(trusted);
        }
    }
}
