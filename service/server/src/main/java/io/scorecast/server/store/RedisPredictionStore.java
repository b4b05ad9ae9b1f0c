package io.scorecast.server.store;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.profile.LogHeader;
import io.scorecast.engine.profile.ProfileLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.params.SetParams;

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

    /** A log of so many bytes, some two hundred events, is read along with the question whether it has to be. */
    private static final int SHORT_LOG = 16 << 10;

    private final Redis logs;
    private final Redis predictions;
    private final Keys keys;

    /**
     * @param predictions the same as {@code logs} where they are kept together
     */
    RedisPredictionStore(Redis logs, Redis predictions, StoreSettings settings) {
        this.logs = logs;
        this.predictions = predictions;
        this.keys = new Keys(settings.prefix());
    }

    @Override
    public List<Proof> prove(List<Probe> probes, String fingerprint, long now) {
        Batch aboutLogs = new Batch(3 * probes.size());
        Batch bodies = logs == predictions ? aboutLogs : new Batch(probes.size());
        List<Asked> asked = new ArrayList<>(probes.size());
        for (Probe probe : probes) {
            byte[] key = keys.profile(probe.customer());
            Asked one = probe.log() ? Asked.whole(aboutLogs, key) : Asked.identity(aboutLogs, key);
            if (probe.body()) {
                one.body = bodies.add(Batch.COMMANDS.get(keys.prediction(probe.customer(), fingerprint)));
            }
            asked.add(one);
        }
        run(aboutLogs, bodies);
        askAgain(probes, asked);
        return asked.stream().map(one -> one.proof(now)).toList();
    }

    private void run(Batch aboutLogs, Batch aboutPredictions) {
        logs.run(aboutLogs);
        if (aboutPredictions != aboutLogs) {
            predictions.run(aboutPredictions);
        }
    }

    /** Of long logs only the beginning came, which does not tell the length. */
    private void askAgain(List<Probe> probes, List<Asked> asked) {
        Batch identities = new Batch(2 * probes.size());
        for (int i = 0; i < asked.size(); i++) {
            if (asked.get(i).isCut()) {
                Asked again =
                        Asked.identity(identities, keys.profile(probes.get(i).customer()));
                again.body = asked.get(i).body;
                asked.set(i, again);
            }
        }
        logs.run(identities);
    }

    /** What was asked about one customer. */
    private static final class Asked {

        private final Batch.Reply<byte[]> start;
        /** Null where the start is to be the whole log. */
        private final Batch.@Nullable Reply<Long> length;

        private Batch.@Nullable Reply<byte[]> body;

        private Asked(Batch.@Nullable Reply<Long> length, Batch.Reply<byte[]> start) {
            this.length = length;
            this.start = start;
        }

        static Asked whole(Batch batch, byte[] key) {
            return new Asked(null, batch.add(Batch.COMMANDS.getrange(key, 0, SHORT_LOG)));
        }

        static Asked identity(Batch batch, byte[] key) {
            // The length first: an older length with a newer header was never the content of any log, or is of the
            // newer one; the other way round it could be that of a log before it was compacted.
            Batch.Reply<Long> length = batch.add(Batch.COMMANDS.strlen(key));
            return new Asked(length, batch.add(Batch.COMMANDS.getrange(key, 0, ProfileLog.HEADER_BYTES - 1)));
        }

        boolean isCut() {
            byte[] bytes = start.value();
            return length == null && bytes != null && bytes.length > SHORT_LOG;
        }

        Proof proof(long now) {
            StoredLog log = length == null ? RedisProfileStore.log(start.value()) : null;
            LogIdentity identity = log == null ? identity(start.value(), length) : log.identity();
            byte[] value = body == null ? null : body.value();
            CachedPrediction prediction = PredictionValue.read(value, identity, now);
            return new Proof(identity, prediction, value != null && prediction == null, log);
        }

        private static LogIdentity identity(byte @Nullable [] header, Batch.@Nullable Reply<Long> length) {
            Long bytes = length == null ? null : length.value();
            return header == null || bytes == null || bytes == 0
                    ? LogIdentity.NONE
                    : new LogIdentity(ProfileLog.headerOf(header, 0, header.length), bytes);
        }
    }

    @Override
    public List<Boolean> keep(List<Kept> kept, String fingerprint, long now) {
        Batch sets = new Batch(3 * kept.size());
        Batch checks = logs == predictions ? sets : new Batch(2 * kept.size());
        List<Keeping> keepings = new ArrayList<>(kept.size());
        for (Kept one : kept) {
            keepings.add(keep(one, sets, checks, fingerprint, now));
        }
        predictions.run(sets);
        if (checks != sets) {
            logs.run(checks);
        }
        forget(
                keepings.stream()
                        .filter(Keeping::isOvertaken)
                        .map(one -> one.kept.customer())
                        .toList(),
                fingerprint);
        return keepings.stream().map(Keeping::isKept).toList();
    }

    private Keeping keep(Kept one, Batch sets, Batch checks, String fingerprint, long now) {
        LogHeader header = one.identity().header();
        long ttl = one.prediction().validUntil() - now;
        if (header == null || ttl <= 0) {
            return new Keeping(one, null, null);
        }
        byte[] value = PredictionValue.of(header, one.identity().length(), one.prediction());
        byte[] key = keys.prediction(one.customer(), fingerprint);
        Batch.Reply<?> set = one.replaces()
                ? replace(sets, one, header, key, value, now, ttl)
                : sets.add(Batch.COMMANDS.set(
                        key, value, SetParams.setParams().nx().px(ttl)));
        // After the set: a log that changes later finds the prediction there, and whoever erases it removes that too.
        Asked check =
                one.replaces() && logs == predictions ? null : Asked.identity(checks, keys.profile(one.customer()));
        return new Keeping(one, set, check);
    }

    private Batch.Reply<?> replace(
            Batch batch, Kept one, LogHeader header, byte[] key, byte[] value, long now, long ttl) {
        byte[] proof = ByteBuffer.allocate(PredictionValue.PROOF_BYTES)
                .put(value, 0, PredictionValue.PROOF_BYTES)
                .array();
        if (logs != predictions) {
            return batch.addDispensable(
                    KEEP, List.of(key), List.of(proof, Script.number(now), value, Script.number(ttl)));
        }
        return batch.addDispensable(
                KEEP_BESIDE_LOG,
                List.of(key, keys.profile(one.customer())),
                List.of(
                        proof,
                        Script.number(now),
                        value,
                        Script.number(ttl),
                        ProfileLog.header(header),
                        Script.number(one.identity().length())));
    }

    /**
     * A prediction on its way.
     *
     * @param set null if it is past its time
     * @param check whether the log is still the same; null where the script looks
     */
    private record Keeping(
            Kept kept,
            Batch.@Nullable Reply<?> set,
            @Nullable Asked check) {

        private boolean isSet() {
            Object answer = set == null ? null : set.value();
            return Long.valueOf(1).equals(answer) || "OK".equals(answer);
        }

        /** It was put there, of a log that has changed meanwhile. */
        boolean isOvertaken() {
            return isSet() && check != null && !check.proof(0).identity().equals(kept.identity());
        }

        boolean isKept() {
            return isSet() && !isOvertaken();
        }
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
