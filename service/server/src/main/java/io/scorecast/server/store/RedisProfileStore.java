package io.scorecast.server.store;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.profile.CarryOver;
import io.scorecast.engine.profile.LogHeader;
import io.scorecast.engine.profile.LogLimits;
import io.scorecast.engine.profile.LogTail;
import io.scorecast.engine.profile.ProfileLog;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Profile logs as Redis strings. */
final class RedisProfileStore implements ProfileStore {

    /** Begins the log, or goes on with it, as one step. KEYS: log. ARGV: a header, the events. Gives the new length. */
    private static final Script APPEND = Script.of("""
            if redis.call('STRLEN', KEYS[1]) > 0 then return redis.call('APPEND', KEYS[1], ARGV[2]) end
            redis.call('SET', KEYS[1], ARGV[1] .. ARGV[2])
            return #ARGV[1] + #ARGV[2]
            """);

    /** KEYS: log. ARGV: header and length that it must have, the new log. */
    private static final Script REPLACE = Script.of("""
            if redis.call('STRLEN', KEYS[1]) ~= tonumber(ARGV[2])
                or redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) ~= ARGV[1] then return 0 end
            redis.call('SET', KEYS[1], ARGV[3])
            return 1
            """);

    /** More commands than this at once would keep other clients of Redis waiting. */
    private static final int MOST_AT_ONCE = 1_000;

    private final Redis redis;
    private final Keys keys;
    private final CustomerScan scan;
    private final Compactor compactor;
    private final SecureRandom random = new SecureRandom();
    private final int readLimit;

    RedisProfileStore(Redis redis, StoreSettings settings, StoreMeters meters) {
        this.redis = redis;
        this.keys = new Keys(settings.prefix());
        this.scan = new CustomerScan(redis, keys);
        this.compactor = new Compactor(this, settings, meters);
        this.readLimit = readLimit(settings.limits());
    }

    /** Longer logs are not read whole. */
    static int readLimit(LogLimits limits) {
        return (int) Math.min(2L * limits.bytes(), Integer.MAX_VALUE - 64);
    }

    Compactor compactor() {
        return compactor;
    }

    @Override
    public void append(List<Append> appends) {
        for (int from = 0; from < appends.size(); from += MOST_AT_ONCE) {
            appendSome(appends.subList(from, Math.min(appends.size(), from + MOST_AT_ONCE)));
        }
    }

    private void appendSome(List<Append> appends) {
        Batch batch = new Batch(appends.size());
        List<Batch.Reply<Object>> lengths = new ArrayList<>(appends.size());
        for (Append append : appends) {
            lengths.add(batch.add(
                    APPEND,
                    List.of(keys.profile(append.customer())),
                    List.of(ProfileLog.header(newHeader(0)), append.events())));
        }
        redis.run(batch);
        for (int i = 0; i < appends.size(); i++) {
            if (lengths.get(i).value() instanceof Long length) {
                Append append = appends.get(i);
                compactor.appended(append.customer(), length - append.events().length, length);
            }
        }
    }

    /** A header with an epoch that no other log has. */
    LogHeader newHeader(long erasedAt) {
        return new LogHeader(random.nextLong(), erasedAt);
    }

    @Override
    public List<StoredLog> read(List<CustomerId> customers) {
        List<StoredLog> logs = new ArrayList<>(customers.size());
        for (int from = 0; from < customers.size(); from += MOST_AT_ONCE) {
            readSome(customers.subList(from, Math.min(customers.size(), from + MOST_AT_ONCE)), logs);
        }
        return logs;
    }

    private void readSome(List<CustomerId> customers, List<StoredLog> logs) {
        Batch batch = new Batch(customers.size());
        List<Batch.Reply<byte[]>> found = new ArrayList<>(customers.size());
        for (CustomerId customer : customers) {
            found.add(batch.add(Batch.COMMANDS.getrange(keys.profile(customer), 0, readLimit)));
        }
        redis.run(batch);
        for (int i = 0; i < customers.size(); i++) {
            byte[] bytes = found.get(i).value();
            CustomerId customer = customers.get(i);
            StoredLog log = bytes != null && bytes.length > readLimit ? readEnd(customer) : log(bytes);
            logs.add(log);
            compactor.read(customer, log);
        }
    }

    /** No bytes are no log: Redis does not tell an empty string from none here, and no log is empty. */
    static StoredLog log(byte @Nullable [] bytes) {
        return bytes == null || bytes.length == 0
                ? new StoredLog(LogIdentity.NONE, new byte[0])
                : new StoredLog(new LogIdentity(ProfileLog.headerOf(bytes, 0, bytes.length), bytes.length), bytes);
    }

    /** A log's identity, and its first bytes with what it carries over. */
    StoredLog head(CustomerId customer) {
        byte[] key = keys.profile(customer);
        while (true) {
            Batch batch = new Batch(3);
            Batch.Reply<byte[]> before = batch.add(Batch.COMMANDS.getrange(key, 0, CarryOver.HEAD_BYTES - 1));
            Batch.Reply<Long> length = batch.add(Batch.COMMANDS.strlen(key));
            Batch.Reply<byte[]> after = batch.add(Batch.COMMANDS.getrange(key, 0, ProfileLog.HEADER_BYTES - 1));
            redis.run(batch);
            byte[] bytes = before.value();
            LogHeader header = header(bytes);
            // An epoch never comes back: with the same one before and after, the length is of that log.
            if (Objects.equals(header, header(after.value()))) {
                Long inAll = length.value();
                return bytes == null || bytes.length == 0 || inAll == null
                        ? log(null)
                        : new StoredLog(new LogIdentity(header, inAll), bytes);
            }
        }
    }

    private static @Nullable LogHeader header(byte @Nullable [] bytes) {
        return bytes == null ? null : ProfileLog.headerOf(bytes, 0, bytes.length);
    }

    /** One log as {@link #read} has it. */
    StoredLog readOne(CustomerId customer) {
        byte[] bytes = range(keys.profile(customer), 0, readLimit + 1);
        return bytes.length > readLimit ? readEnd(customer) : log(bytes);
    }

    /**
     * The end of a log that is too long. As long as the header stays, what was read of it chunk by chunk does not change;
     * where it did not stay, the log has been rewritten, and is short.
     */
    private StoredLog readEnd(CustomerId customer) {
        byte[] key = keys.profile(customer);
        while (true) {
            LogIdentity identity = head(customer).identity();
            if (identity.length() <= readLimit) {
                return readOne(customer);
            }
            LogTail tail = LogTail.find((from, bytes) -> range(key, from, bytes), identity.length(), readLimit / 2);
            if (Objects.equals(head(customer).identity().header(), identity.header())) {
                return tail == null
                        ? new StoredLog(identity, range(key, 0, readLimit))
                        : new StoredLog(identity, tail.log(), tail.dropped());
            }
        }
    }

    private byte[] range(byte[] key, long from, int bytes) {
        Batch batch = new Batch(1);
        Batch.Reply<byte[]> range = batch.add(Batch.COMMANDS.getrange(key, from, from + bytes - 1));
        redis.run(batch);
        byte[] found = range.value();
        return found == null ? new byte[0] : found;
    }

    @Override
    public Page scan(@Nullable String cursor, int limit) {
        return scan.page(cursor, limit);
    }

    @Override
    public boolean replace(CustomerId customer, LogIdentity identity, byte[] log) {
        LogHeader header = identity.header();
        if (header == null) {
            return false;
        }
        Batch batch = new Batch(1);
        Batch.Reply<Object> replaced = batch.add(
                REPLACE,
                List.of(keys.profile(customer)),
                List.of(ProfileLog.header(header), Script.number(identity.length()), log));
        redis.run(batch);
        return Long.valueOf(1).equals(replaced.value());
    }

    @Override
    public void erase(List<CustomerId> customers, long erasedAt) {
        Batch batch = new Batch(customers.size());
        for (CustomerId customer : customers) {
            batch.add(Batch.COMMANDS.set(keys.profile(customer), ProfileLog.header(newHeader(erasedAt))));
        }
        redis.run(batch);
    }
}
