package io.scorecast.server.store;

import io.scorecast.engine.event.CustomerId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/**
 * Both stores on Redis, with what looks after the logs in the background. Every call is one pipeline, if Redis is one server
 * or nothing is on the move. Safe for many threads.
 */
public final class RedisStore implements ProfileStore, PredictionStore, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RedisStore.class);

    private final Redis logs;
    private final Redis predictions;
    private final ControlStore control;
    private final ProductStore products;
    private final AuditStore audit;
    private final RedisProfileStore profileStore;
    private final RedisPredictionStore predictionStore;

    /**
     * @param predictions the same as {@code logs} where they are kept together
     */
    RedisStore(Redis logs, Redis predictions, StoreSettings settings, StoreMeters meters) {
        this.logs = logs;
        this.predictions = predictions;
        this.control = new RedisControl(logs, settings.prefix());
        this.products = new RedisProductStore(logs, settings.prefix());
        this.audit = new RedisAudit(logs, settings.prefix());
        this.profileStore = new RedisProfileStore(logs, settings, meters);
        this.predictionStore = new RedisPredictionStore(logs, predictions, settings);
    }

    @Override
    public void append(List<Append> appends) {
        profileStore.append(appends);
    }

    @Override
    public List<StoredLog> read(List<CustomerId> customers) {
        return profileStore.read(customers);
    }

    @Override
    public Page scan(@Nullable String cursor, int limit) {
        return profileStore.scan(cursor, limit);
    }

    @Override
    public boolean replace(CustomerId customer, LogIdentity identity, byte[] log) {
        return profileStore.replace(customer, identity, log);
    }

    @Override
    public void erase(List<CustomerId> customers, long erasedAt) {
        profileStore.erase(customers, erasedAt);
    }

    @Override
    public List<Proof> prove(List<Probe> probes, String fingerprint, long now) {
        List<Proof> proofs = predictionStore.prove(probes, fingerprint, now);
        for (int i = 0; i < proofs.size(); i++) {
            StoredLog log = proofs.get(i).log();
            if (log != null && proofs.get(i).prediction() == null) {
                profileStore.compactor().read(probes.get(i).customer(), log);
            }
        }
        return proofs;
    }

    @Override
    public List<Boolean> keep(List<Kept> kept, String fingerprint, long now) {
        return predictionStore.keep(kept, fingerprint, now);
    }

    @Override
    public void forget(List<CustomerId> customers, String fingerprint) {
        predictionStore.forget(customers, fingerprint);
    }

    /** The shop's products, beside the profiles. */
    public ProductStore products() {
        return products;
    }

    /** Facts that instances share, beside the profiles. */
    public ControlStore control() {
        return control;
    }

    /** The audit record, beside the profiles. */
    public AuditStore audit() {
        return audit;
    }

    /**
     * Asks whether Redis answers, and that of the predictions if it is another.
     *
     * @throws StoreUnavailableException if it does not
     */
    public void ping() {
        logs.call(redis -> redis.ping());
        if (predictions != logs) {
            predictions.call(redis -> redis.ping());
        }
    }

    /**
     * Asks every server that holds logs whether it keeps them when its memory is full.
     *
     * @return why profiles would be lost; null if none would
     * @throws StoreUnavailableException if Redis does not answer
     */
    public @Nullable String dangerOfEviction() {
        String danger = null;
        for (EvictionCheck check : logs.eachMaster(connection -> EvictionCheck.of(
                text(connection.executeCommand(new CommandArguments(Protocol.Command.INFO).add("memory")))))) {
            danger = danger == null ? check.danger() : danger;
            String advice = check.advice();
            if (advice != null) {
                LOG.warn("{}", advice);
            }
        }
        return danger;
    }

    private static String text(Object answer) {
        return answer instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(answer);
    }

    Compactor compactor() {
        return profileStore.compactor();
    }

    @Override
    public void close() {
        profileStore.compactor().close();
        logs.close();
        if (predictions != logs) {
            predictions.close();
        }
    }
}
