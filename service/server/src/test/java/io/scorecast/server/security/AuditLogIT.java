package io.scorecast.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.server.store.AuditStore;
import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.Fsync;
import io.scorecast.server.store.RedisClients;
import io.scorecast.server.store.RedisStore;
import io.scorecast.server.store.StoreMeters;
import io.scorecast.server.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.resps.StreamEntry;

/** What is done to the record in Redis is found out. */
class AuditLogIT {

    private static final String STREAM = "sc1:audit";
    private static final int ENTRIES = 20;

    @TempDir
    static Path folder;

    private static EmbeddedRedis redis;
    private static RedisStore store;
    private static RedisClient client;

    @BeforeAll
    static void start() throws IOException {
        redis = EmbeddedRedis.start(folder, Fsync.EVERYSEC);
        store = RedisClients.open(StoreSettings.of(redis.url()), new StoreMeters(new SimpleMeterRegistry()));
        client = RedisClient.create(redis.url());
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        store.close();
        redis.close();
    }

    /** Two instances that write at the same time. */
    @BeforeEach
    void record() {
        client.del(STREAM);
        try (AuditLog one = log("one");
                AuditLog other = log("other")) {
            for (int i = 0; i < ENTRIES / 2; i++) {
                one.record("a-key", "model.pinned", "clv", "done", "version " + i);
                other.recordCustomer("another-key", "customer.read", CustomerId.of("c-1"), "done", "");
            }
        }
    }

    private static AuditLog log(String instance) {
        AuditLog log = new AuditLog(store.audit(), instance, null, Clock.systemUTC());
        log.start();
        return log;
    }

    private static AuditChain.Verdict verdict() {
        return AuditChain.verify(store.audit(), null);
    }

    @Test
    void record_ofTwoInstances_isOneWholeChain() {
        assertThat(verdict().fault()).isNull();
        assertThat(verdict().entries()).isEqualTo(ENTRIES);
        assertThat(client.xrange(STREAM, "-", "+"))
                .extracting(entry -> entry.getFields().get("instance"))
                .contains("one", "other");
        assertThat(client.xrange(STREAM, "-", "+").toString()).doesNotContain("c-1");
    }

    @Test
    void entry_thatWasChanged_isNamed() {
        rewrite(7, Map.of("who", "somebody else"), false);
        assertThat(verdict().fault()).startsWith("entry 7 was changed");
        assertThat(verdict().entries()).isEqualTo(6);
    }

    /** Its own hash can be made to fit; that of the next cannot, unless all that follow are written anew. */
    @Test
    void entry_thatWasChangedWithItsHash_breaksTheChainAfterIt() {
        rewrite(7, Map.of("who", "somebody else"), true);
        assertThat(verdict().fault()).startsWith("entry 8 does not follow");
    }

    @Test
    void entry_thatWasDeleted_isMissed() {
        client.xdel(STREAM, new StreamEntryID(7, 0));
        assertThat(verdict().fault()).isEqualTo("entry 7 is missing");
    }

    @Test
    void end_thatWasCutOff_isFoundByAHeadKept() {
        String head = verdict().head();
        client.xdel(STREAM, new StreamEntryID(ENTRIES, 0));
        assertThat(verdict().fault()).isNull();
        assertThat(AuditChain.verify(store.audit(), head).fault()).contains("cut off");
    }

    /** Writes the stream anew, as only who has Redis itself can. */
    private static void rewrite(long sequence, Map<String, String> changes, boolean withHash) {
        List<StreamEntry> entries = new ArrayList<>(client.xrange(STREAM, "-", "+"));
        client.del(STREAM);
        for (StreamEntry entry : entries) {
            Map<String, String> fields = new HashMap<>(entry.getFields());
            if (entry.getID().getTime() == sequence) {
                fields.putAll(changes);
                if (withHash) {
                    AuditStore.Stored changed = new AuditStore.Stored(sequence, fields);
                    fields.put("hash", AuditEntry.of(changed).computedHash());
                }
            }
            client.xadd(STREAM, entry.getID(), fields);
        }
    }
}
