package io.scorecast.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.profile.LogCompaction;
import io.scorecast.engine.profile.LogLimits;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.server.store.ProfileStore.Append;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** How many bytes a customer of forty events takes; {@code docs/benchmarks.md} has the figures that this prints. */
class ProfileBytesIT {

    private static final int CUSTOMERS = 200;
    private static final int EVENTS = 40;
    private static final long NOW = 1_800_000_000_000L;
    private static final List<String> TYPES =
            List.of("purchase", "purchase", "view", "view", "add_to_cart", "email_send", "email_open");
    private static final List<String> CATEGORIES = List.of(
            "grocery/dairy/milk",
            "grocery/bakery/bread",
            "produce/fruit/tropical fruit",
            "meat/beef/ground beef",
            "drug gm/candy/chocolate",
            "deli/cheese/soft cheese");

    private static UUID uuid(Random random) {
        return new UUID(
                random.nextLong() & ~0xf000L | 0x4000L, random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L);
    }

    private static Event event(CustomerId customer, Random random, int index) {
        boolean basket = index % 7 < 5;
        return Event.builder()
                .id(uuid(random).toString())
                .customer(customer.value())
                .type(TYPES.get(index % TYPES.size()))
                .time(NOW - (long) (EVENTS - index) * 7_200_000 - random.nextInt(3_600_000))
                .product(basket ? uuid(random).toString() : null)
                .category(basket ? CATEGORIES.get(random.nextInt(CATEGORIES.size())) : null)
                .order(index % 7 < 2 ? "o-" + (100_000 + random.nextInt(900_000)) : null)
                .session(basket ? "s-" + (100_000 + random.nextInt(900_000)) : null)
                .value(index % 7 < 2 ? (50 + random.nextInt(4_000)) / 100.0 : Double.NaN)
                .quantity(index % 7 < 2 ? 1 + random.nextInt(3) : Double.NaN)
                .source("shop")
                .build(Long.MAX_VALUE);
    }

    @Test
    void bytesOfACustomer_fortyEvents_areMeasured(@TempDir Path folder) {
        Random random = new Random(1);
        List<CustomerId> customers = new ArrayList<>();
        try (RedisProcess redis = RedisProcess.server(folder);
                RedisStore store = RedisClients.open(
                        new StoreSettings(
                                redis.url(),
                                null,
                                "sc1",
                                StoreSettings.DEFAULT_TIMEOUT,
                                8,
                                LogLimits.DEFAULT,
                                Integer.MAX_VALUE),
                        new StoreMeters(new io.micrometer.core.instrument.simple.SimpleMeterRegistry()));
                Jedis admin = redis.jedis()) {
            for (int c = 0; c < CUSTOMERS; c++) {
                CustomerId customer = CustomerId.of(uuid(random).toString());
                customers.add(customer);
                for (int i = 0; i < EVENTS; i++) {
                    Event event = event(customer, random, i);
                    byte[] bytes = ProfileLog.event(event, event.time() + 100 + random.nextInt(900));
                    store.append(List.of(new Append(customer, bytes)));
                }
            }
            long[] appended = measure(admin, customers);
            for (CustomerId customer : customers) {
                StoredLog log = store.read(List.of(customer)).getFirst();
                LogCompaction.Compacted made = (LogCompaction.Compacted) new LogCompaction()
                        .compact(
                                log.bytes(),
                                0,
                                log.bytes().length,
                                new io.scorecast.engine.profile.LogHeader(random.nextLong(), 0),
                                LogLimits.DEFAULT);
                assertThat(Objects.requireNonNull(store).replace(customer, log.identity(), made.log()))
                        .isTrue();
            }
            long[] compacted = measure(admin, customers);

            System.out.printf(
                    "bytes a customer of %d events: appended %d (%d with Redis's own and slack),"
                            + " compacted %d (%d); Redis %s%n",
                    EVENTS, appended[0], appended[1], compacted[0], compacted[1], version(admin));
            assertThat(appended[0]).isBetween(40L * 40, 40L * 160);
            assertThat(compacted[1]).isLessThanOrEqualTo(appended[1]);
        }
    }

    private static String version(Jedis admin) {
        return admin.info("server")
                .lines()
                .filter(line -> line.startsWith("redis_version:"))
                .findFirst()
                .orElse("");
    }

    /** STRLEN and MEMORY USAGE, on average. */
    private static long[] measure(Jedis admin, List<CustomerId> customers) {
        long length = 0;
        long memory = 0;
        for (CustomerId customer : customers) {
            byte[] key = ("sc1:{" + customer.value() + "}:p").getBytes(StandardCharsets.UTF_8);
            length += admin.strlen(key);
            memory += admin.memoryUsage(key);
        }
        return new long[] {length / customers.size(), memory / customers.size()};
    }
}
