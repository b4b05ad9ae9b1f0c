package io.scorecast.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.profile.LoggedEvent;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.server.store.EmbeddedRedis;
import io.scorecast.server.store.RedisClients;
import io.scorecast.server.store.RedisStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./scorecast load} of tables with names of their own, and of one row a customer, into a real Redis. */
class LoadTablesTest {

    private static final Instant WRITTEN = Instant.parse("2026-05-04T03:02:01Z");

    @TempDir
    static Path folder;

    private static EmbeddedRedis redis;
    private static RedisStore store;

    @BeforeAll
    static void start() throws IOException {
        redis = EmbeddedRedis.start(folder.resolve("redis"));
        store = RedisClients.open(redis.url());
    }

    @AfterAll
    static void stop() {
        store.close();
        redis.close();
    }

    private static Commands.Done load(Path file, Object... more) {
        List<Object> words = new ArrayList<>(List.of("load", file, "--redis-url", redis.url()));
        words.addAll(List.of(more));
        return Commands.run(words.toArray());
    }

    private static List<Event> events(String customer) {
        CustomerId id = CustomerId.of(customer);
        byte[] log = store.read(List.of(id)).getFirst().bytes();
        return ProfileLog.events(id, log, 0, log.length).stream()
                .map(LoggedEvent::event)
                .toList();
    }

    private static Path write(String name, String... lines) throws IOException {
        Path file = Files.write(folder.resolve(name), List.of(lines));
        Files.setLastModifiedTime(file, FileTime.from(WRITTEN));
        return file;
    }

    @Test
    void mapping_namesColumnsAndWhatNoColumnSays() throws IOException {
        Path map = write(
                "map.yaml",
                "schema: 1",
                "columns: {Ref: id, Customer: customer_id, When: time, Amount: value, Shop: attributes.shop, Internal: ''}",
                "defaults: {type: purchase, source: till}");
        Path table = write(
                "orders.csv",
                "Ref,Customer,When,Amount,Shop,Internal",
                "1,m-1,2026-05-01T10:00:00Z,4.5,north,x",
                "2,m-1,yesterday,4.5,north,x");
        Commands.Done done = load(table, "--mapping", map);
        assertThat(done.code()).isEqualTo(1);
        assertThat(done.err()).contains("orders.csv: line 3").contains("time");
        assertThat(events("m-1")).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("purchase");
            assertThat(event.value()).isEqualTo(4.5);
            assertThat(event.source()).isEqualTo("till");
            assertThat(event.attributes().text("shop")).isEqualTo("north");
        });
        Path wrong = write("wrong.yaml", "schema: 1", "columns: {Refs: id}", "defaults: {typ: purchase}");
        assertThat(load(table, "--mapping", wrong).err())
                .contains("'Refs'")
                .contains("'typ'")
                .contains("id");
        assertThat(load(write("e.ndjson", "{}"), "--mapping", map).err()).contains("e.ndjson: is JSON");
    }

    @Test
    void wideTable_isAttributesOfEachCustomer_andMayBeLoadedAgain() throws IOException {
        Path table = write(
                "crm.csv",
                "customer_id,loyalty.tier,age,newsletter,city",
                "w-1,gold,41,true,",
                "w-2,silver,,false,Bern");
        for (int i = 0; i < 2; i++) {
            Commands.Done done = load(table, "--attributes");
            assertThat(done.code()).as(done.err()).isZero();
        }
        List<Event> rows = events("w-1");
        assertThat(rows.stream().map(Event::id).distinct()).hasSize(1);
        Event row = rows.getFirst();
        assertThat(row.type()).isEqualTo("attributes");
        assertThat(row.time()).isEqualTo(WRITTEN.toEpochMilli());
        assertThat(row.attributes().text("loyalty.tier")).isEqualTo("gold");
        assertThat(row.attributes().leaves()).containsOnlyKeys("loyalty.tier", "age", "newsletter");
        // Of another instant it is said anew, even if it is the same.
        assertThat(load(table, "--attributes", "--as-of", "2026-05-05T00:00:00Z")
                        .code())
                .isZero();
        assertThat(events("w-1").stream().map(Event::id).distinct()).hasSize(2);
    }

    @Test
    void wideParquet_hasTheTypesOfItsColumns() throws Exception {
        Path file = folder.resolve("crm.parquet");
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute("copy (select 'p-1' as cust, 41 as age, true as vip, 'x' as id) to '" + file
                    + "' (format parquet)");
        }
        Path map = write("crm.yaml", "schema: 1", "columns: {cust: customer_id}", "defaults: {source: crm}");
        Commands.Done done = load(file, "--attributes", "--mapping", map);
        assertThat(done.code()).as(done.err()).isZero();
        assertThat(events("p-1")).singleElement().satisfies(event -> {
            assertThat(event.source()).isEqualTo("crm");
            assertThat(event.attributes().leaves().keySet()).containsExactlyInAnyOrder("age", "vip", "id");
        });
    }
}
