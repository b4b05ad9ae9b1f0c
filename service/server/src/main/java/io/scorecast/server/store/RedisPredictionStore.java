package io.scorecast.server.store;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.profile.LogHeader;
import io.scorecast.engine.profile.ProfileLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Predictions as Redis strings, beside the logs or in a Redis of their own. */
final class RedisPredictionStore implements PredictionStore {

    /** Nothing is done if a valid prediction of the same content is there. */
    private static final String UNLESS_KEPT = """
            local proof = #ARGV[1]
            local old = redis.call('GETRANGE', KEYS[1], 0, proof + 7)
            if #old == proof + 8 and old:sub(1, proof) == ARGV[1]
                and struct.unpack('>i8', old, proof + 1) > tonumber(ARGV[2]) then return 0 end
            redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
            return 1
            """;

    /** KEYS: prediction. ARGV: header and length as the value has them, now, value, time to live in milliseconds. */
    private static final Script KEEP = Script.of(UNLESS_KEPT);

    /**
     * The same if the log still has the content that the prediction was computed from. KEYS: prediction, log. ARGV: as
     * above, then the log's header and length.
     */
    private static final Script KEEP_BESIDE_LOG = Script.of("""
            if redis.call('STRLEN', KEYS[2]) ~= tonumber(ARGV[6])
                or redis.call('GETRANGE', KEYS[2], 0, #ARGV[5] - 1) ~= ARGV[5] then return 0 end
            """ + UNLESS_KEPT);

    private final Redis logs;
    private final Redis predictions;
    private final Keys keys;

    /**
     * @param predictions the same as {@code logs} where they are kept together
     */
    RedisPredictionStore(Redis logs, Redis predictions, StoreSettings settings) {
        this.logs = logs;
        this.predictions = predictions;
        this.keys = new Keys(settings.prefix(), settings.cipher());
    }

    @Override
    public List<Proof> prove(List<Probe> probes, String fingerprint, long now) {
        Batch identities = new Batch(3 * probes.size());
        Batch bodies = logs == predictions ? identities : new Batch(probes.size());
        List<Batch.Reply<Long>> lengths = new ArrayList<>(probes.size());
        List<Batch.Reply<byte[]>> headers = new ArrayList<>(probes.size());
        List<Batch.@Nullable Reply<byte[]>> found = new ArrayList<>(probes.size());
        for (Probe probe : probes) {
            byte[] key = keys.profile(probe.customer());
            // The length first: an older length with a newer header was never the content of any log, or is of the
            // newer one; the other way round it could be that of a log before it was compacted.
            lengths.add(identities.add(Batch.COMMANDS.strlen(key)));
            headers.add(identities.add(Batch.COMMANDS.getrange(key, 0, ProfileLog.HEADER_BYTES - 1)));
            found.add(
                    probe.body()
                            ? bodies.add(Batch.COMMANDS.get(keys.prediction(probe.customer(), fingerprint)))
                            : null);
        }
        logs.run(identities);
        if (bodies != identities) {
            predictions.run(bodies);
        }
        List<Proof> proofs = new ArrayList<>(probes.size());
        for (int i = 0; i < probes.size(); i++) {
            LogIdentity identity =
                    identity(headers.get(i).value(), lengths.get(i).value());
            Batch.Reply<byte[]> body = found.get(i);
            proofs.add(new Proof(identity, body == null ? null : PredictionValue.read(body.value(), identity, now)));
        }
        return proofs;
    }

    private static LogIdentity identity(byte @Nullable [] header, @Nullable Long length) {
        return header == null || length == null || length == 0
                ? LogIdentity.NONE
                : new LogIdentity(ProfileLog.headerOf(header, 0, header.length), length);
    }

    @Override
    public List<Boolean> keep(List<Kept> kept, String fingerprint, long now) {
        Batch batch = new Batch(kept.size());
        List<Batch.@Nullable Reply<Object>> replies = new ArrayList<>(kept.size());
        for (Kept prediction : kept) {
            replies.add(keep(batch, prediction, fingerprint, now));
        }
        predictions.run(batch);
        List<Boolean> results = new ArrayList<>(kept.size());
        for (Batch.Reply<Object> reply : replies) {
            results.add(reply != null && Long.valueOf(1).equals(reply.value()));
        }
        return results;
    }

    private Batch.@Nullable Reply<Object> keep(Batch batch, Kept kept, String fingerprint, long now) {
        LogHeader header = kept.identity().header();
        long ttl = kept.prediction().validUntil() - now;
        if (header == null || ttl <= 0) {
            return null;
        }
        byte[] value = PredictionValue.of(header, kept.identity().length(), kept.prediction());
        byte[] proof = ByteBuffer.allocate(PredictionValue.PROOF_BYTES)
                .put(value, 0, PredictionValue.PROOF_BYTES)
                .array();
        byte[] key = keys.prediction(kept.customer(), fingerprint);
        if (logs != predictions) {
            return batch.addDispensable(
                    KEEP, List.of(key), List.of(proof, Script.number(now), value, Script.number(ttl)));
        }
        return batch.addDispensable(
                KEEP_BESIDE_LOG,
                List.of(key, keys.profile(kept.customer())),
                List.of(
                        proof,
                        Script.number(now),
                        value,
                        Script.number(ttl),
                        ProfileLog.header(header),
                        Script.number(kept.identity().length())));
    }

    @Override
    public void forget(List<CustomerId> customers, String fingerprint) {
        Batch batch = new Batch(customers.size());
        for (CustomerId customer : customers) {
            batch.add(Batch.COMMANDS.del(keys.prediction(customer, fingerprint)));
        }
        predictions.run(batch);
    }
}
