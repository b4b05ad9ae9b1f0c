package io.scorecast.server.store;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.profile.LogHeader;
import io.scorecast.engine.profile.ProfileLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/** Both stores on Redis: every call is one pipeline. Safe for many threads. */
public final class RedisStore implements ProfileStore, PredictionStore, AutoCloseable {

    /**
     * Keeps a prediction if the log still has the content it was computed from and no valid one of that content is there.
     * KEYS: log, prediction. ARGV: header, length, header and length as the value has them, now, value, time to live in
     * milliseconds.
     */
    private static final byte[] KEEP = """
            if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) ~= ARGV[1] then return 0 end
            if redis.call('STRLEN', KEYS[1]) ~= tonumber(ARGV[2]) then return 0 end
            local proof = #ARGV[3]
            local old = redis.call('GETRANGE', KEYS[2], 0, proof + 7)
            if #old == proof + 8 and old:sub(1, proof) == ARGV[3]
                and struct.unpack('>i8', old, proof + 1) > tonumber(ARGV[4]) then return 0 end
            redis.call('SET', KEYS[2], ARGV[5], 'PX', ARGV[6])
            return 1
            """.getBytes(StandardCharsets.UTF_8);

    private final UnifiedJedis redis;
    private final SecureRandom random = new SecureRandom();

    /** Takes over a client, and closes it at the end. */
    RedisStore(UnifiedJedis redis) {
        this.redis = redis;
    }

    @Override
    public void append(List<Append> appends) {
        call(() -> {
            List<Response<?>> responses = new ArrayList<>(2 * appends.size());
            try (AbstractPipeline pipeline = redis.pipelined()) {
                for (Append append : appends) {
                    byte[] key = Keys.profile(append.customer());
                    byte[] header = ProfileLog.header(new LogHeader(random.nextLong(), 0));
                    responses.add(
                            pipeline.set(key, header, SetParams.setParams().nx()));
                    responses.add(pipeline.append(key, append.events()));
                }
                pipeline.sync();
            }
            responses.forEach(Response::get);
            return responses;
        });
    }

    @Override
    public List<StoredLog> read(List<CustomerId> customers) {
        return call(() -> {
            List<Response<byte[]>> logs = new ArrayList<>(customers.size());
            try (AbstractPipeline pipeline = redis.pipelined()) {
                for (CustomerId customer : customers) {
                    logs.add(pipeline.get(Keys.profile(customer)));
                }
                pipeline.sync();
            }
            return logs.stream().map(response -> log(response.get())).toList();
        });
    }

    private static StoredLog log(byte @Nullable [] bytes) {
        return bytes == null
                ? new StoredLog(LogIdentity.NONE, new byte[0])
                : new StoredLog(new LogIdentity(ProfileLog.headerOf(bytes, 0, bytes.length), bytes.length), bytes);
    }

    @Override
    public Page scan(@Nullable String cursor, int limit) {
        if (cursor != null && !cursor.matches("\\d{1,20}")) {
            throw new IllegalArgumentException("no cursor");
        }
        return call(() -> {
            List<CustomerId> customers = new ArrayList<>(limit);
            byte[] at = cursor == null ? ScanParams.SCAN_POINTER_START_BINARY : cursor.getBytes(StandardCharsets.UTF_8);
            while (true) {
                ScanParams params = new ScanParams().match(Keys.ALL_PROFILES).count(limit - customers.size());
                ScanResult<byte[]> result = redis.scan(at, params);
                for (byte[] key : result.getResult()) {
                    CustomerId customer = Keys.customerOf(key);
                    if (customer != null && !customers.contains(customer)) {
                        customers.add(customer);
                    }
                }
                at = result.getCursorAsBytes();
                if (result.isCompleteIteration()) {
                    return new Page(customers, null);
                }
                if (customers.size() >= limit) {
                    return new Page(customers, result.getCursor());
                }
            }
        });
    }

    @Override
    public List<Proof> prove(List<Probe> probes, String fingerprint, long now) {
        return call(() -> {
            List<Response<byte[]>> headers = new ArrayList<>(probes.size());
            List<Response<Long>> lengths = new ArrayList<>(probes.size());
            List<@Nullable Response<byte[]>> bodies = new ArrayList<>(probes.size());
            try (AbstractPipeline pipeline = redis.pipelined()) {
                for (Probe probe : probes) {
                    byte[] key = Keys.profile(probe.customer());
                    headers.add(pipeline.getrange(key, 0, ProfileLog.HEADER_BYTES - 1));
                    lengths.add(pipeline.strlen(key));
                    bodies.add(probe.body() ? pipeline.get(Keys.prediction(probe.customer(), fingerprint)) : null);
                }
                pipeline.sync();
            }
            List<Proof> proofs = new ArrayList<>(probes.size());
            for (int i = 0; i < probes.size(); i++) {
                byte[] header = headers.get(i).get();
                LogIdentity identity = new LogIdentity(
                        ProfileLog.headerOf(header, 0, header.length),
                        lengths.get(i).get());
                Response<byte[]> body = bodies.get(i);
                proofs.add(new Proof(identity, body == null ? null : PredictionValue.read(body.get(), identity, now)));
            }
            return proofs;
        });
    }

    @Override
    public List<Boolean> keep(List<Kept> predictions, String fingerprint, long now) {
        return call(() -> {
            List<@Nullable Response<Object>> kept = new ArrayList<>(predictions.size());
            try (AbstractPipeline pipeline = redis.pipelined()) {
                for (Kept prediction : predictions) {
                    kept.add(keep(pipeline, prediction, fingerprint, now));
                }
                pipeline.sync();
            }
            List<Boolean> results = new ArrayList<>(predictions.size());
            for (Response<Object> response : kept) {
                results.add(response != null && Long.valueOf(1).equals(response.get()));
            }
            return results;
        });
    }

    private static @Nullable Response<Object> keep(AbstractPipeline pipeline, Kept kept, String fingerprint, long now) {
        LogHeader header = kept.identity().header();
        long ttl = kept.prediction().validUntil() - now;
        if (header == null || ttl <= 0) {
            return null;
        }
        byte[] value = PredictionValue.of(header, kept.identity().length(), kept.prediction());
        List<byte[]> keys = List.of(Keys.profile(kept.customer()), Keys.prediction(kept.customer(), fingerprint));
        List<byte[]> arguments = List.of(
                ProfileLog.header(header),
                text(kept.identity().length()),
                ByteBuffer.allocate(PredictionValue.PROOF_BYTES)
                        .put(value, 0, PredictionValue.PROOF_BYTES)
                        .array(),
                text(now),
                value,
                text(ttl));
        return pipeline.eval(KEEP, keys, arguments);
    }

    private static byte[] text(long number) {
        return Long.toString(number).getBytes(StandardCharsets.UTF_8);
    }

    /** Facts that instances share, beside the profiles. */
    public ControlStore control() {
        return new RedisControl(redis);
    }

    /**
     * Asks whether Redis answers.
     *
     * @throws StoreUnavailableException if it does not
     */
    public void ping() {
        call(redis::ping);
    }

    /** Once more after a broken connection: Redis may have been restarted since the last use. All calls are idempotent. */
    private static <T> T call(Supplier<T> call) {
        try {
            return call.get();
        } catch (JedisConnectionException first) {
            try {
                return call.get();
            } catch (JedisException e) {
                throw new StoreUnavailableException("Redis does not answer: " + e.getMessage(), e);
            }
        } catch (JedisException e) {
            throw new StoreUnavailableException("Redis refuses: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        redis.close();
    }
}
