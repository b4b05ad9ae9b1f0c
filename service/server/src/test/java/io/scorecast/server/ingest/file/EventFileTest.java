package io.scorecast.server.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scorecast.engine.event.ArrivalRule;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventFileTest {

    private static final long NOW = Instant.parse("2026-11-24T12:00:00Z").toEpochMilli();
    private static final long TIME = Instant.parse("2026-11-20T10:15:00Z").toEpochMilli();
    private static final String LINE =
            "{\"id\":\"e1\",\"customer_id\":\"c1\",\"type\":\"purchase\",\"time\":\"2026-11-20T10:15:00Z\","
                    + "\"value\":3.5,\"attributes\":{\"loyalty\":{\"tier\":\"gold\"}}}\n";

    @TempDir
    Path folder;

    @Test
    void read_ndjsonWithBadLines_givesGoodEventsAndPlacesOfBad() throws IOException {
        Read read = read(write("events.ndjson", LINE + "{\"broken\n\n" + LINE.replace("2026-11-20T", "2026-13-20T")));
        assertThat(read.events).singleElement().satisfies(event -> {
            assertThat(event.value()).isEqualTo(3.5);
            assertThat(event.attributes().text("loyalty.tier")).isEqualTo("gold");
        });
        assertThat(read.places()).containsExactly(folder + "/events.ndjson: line 2", folder + "/events.ndjson: line 4");
        assertThat(read.errors.getLast().field()).isEqualTo("time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"events.ndjson.gz", "events.gz", "events.jsonl"})
    void read_gzip_isSeenByItsBytesNotItsName(String name) throws IOException {
        Path file = folder.resolve(name);
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write((LINE + LINE.replace("e1", "e2")).getBytes(StandardCharsets.UTF_8));
        }
        Files.write(file, zipped.toByteArray());
        assertThat(read(file).events).hasSize(2);
    }

    @Test
    void read_brokenGzip_failsWithTheFile() throws IOException {
        Path file = folder.resolve("events.ndjson.gz");
        Files.write(file, new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 5, 5, 5});
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(EventFileException.class)
                .hasMessageContaining("ndjson.gz");
    }

    @Test
    void read_array_givesElements() throws IOException {
        Read read = read(write("events.json", "[" + LINE + ", 5, " + LINE + "]"));
        assertThat(read.events).hasSize(2);
        assertThat(read.places()).containsExactly(folder + "/events.json: element 2");
    }

    @Test
    void read_brokenArray_failsAtItsElement() {
        assertThatThrownBy(() -> read(write("events.json", "[" + LINE + ", {]")))
                .isInstanceOf(EventFileException.class)
                .hasMessageContaining("element 2");
    }

    /** Such a fault has no location. */
    @Test
    void read_arrayWithANameThatIsTooLong_failsAtItsElement() {
        assertThatThrownBy(() -> read(write("events.json", "[" + LINE + ", {\"" + "n".repeat(5_000) + "\": 1}]")))
                .isInstanceOf(EventFileException.class)
                .hasMessageContaining("element 2: not valid JSON");
    }

    @Test
    void read_csv_givesFieldsAttributesAndArrival() throws IOException {
        Read read = read(write("events.csv", """
                \ufeffid,customer_id,type,time,value,attributes,attributes.shop,attributes.zip,attributes.vip,arrival
                e1,c1,purchase,2026-11-20T10:15:00Z,3.50,"{""loyalty"":{""tier"":""gold""}}",12,01234,true,1795550000000
                e2,c1,view,1795169700000,,,,,,
                """));
        assertThat(read.errors).isEmpty();
        Event event = read.events.getFirst();
        assertThat(event.time()).isEqualTo(TIME);
        assertThat(event.attributes().leaves().toString())
                .isEqualTo("{loyalty.tier=Text[value=gold], shop=Whole[value=12], zip=Text[value=01234],"
                        + " vip=Flag[value=true]}");
        assertThat(read.arrivals).containsExactly(1795550000000L, 1795169700000L);
    }

    @Test
    void read_csvWithBadRows_namesFieldsAndLines() throws IOException {
        Read read = read(write("events.csv", """
                id,customer_id,type,time,value
                e1,c1,view,2026-11-20T10:15:00Z,abc
                e2,c1,view,2026-11-20 10:15:00,
                e3,c1,view
                e4,"multi
                line",view,2026-11-20T10:15:00Z,
                e5,,view,2026-11-20T10:15:00Z,
                e6,c1,view,2026-11-20T10:15:00Z,1
                """));
        assertThat(read.events).extracting(e -> e.id().value()).containsExactly("e6");
        assertThat(read.errors)
                .extracting(e -> e.index() + 1 + " " + e.field())
                .containsExactly("2 value", "3 time", "4 ", "5 customer_id", "7 customer_id");
    }

    @Test
    void read_csvWithWrongColumns_failsWithAllOfThem() {
        assertThatThrownBy(() -> read(write("events.csv", "id,customer_id,typ,time,id\n")))
                .isInstanceOf(EventFileException.class)
                .hasMessageContaining("no column 'typ'; did you mean 'type'?")
                .hasMessageContaining("column 'id' is there twice")
                .hasMessageContaining("column 'type' is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncompressed", "snappy", "gzip", "zstd"})
    void read_parquet_readsEveryCompression(String compression) throws Exception {
        Read read = read(parquet(
                compression,
                "select 'e' || i as id, i as customer_id, 'view' as type, "
                        + "timestamptz '2026-11-20 10:15:00Z' as time, i / 2.0 as value from range(40000) t(i)"));
        assertThat(read.errors).isEmpty();
        assertThat(read.events).hasSize(40000);
        Event last = read.events.getLast();
        assertThat(last.customer().value()).isEqualTo("39999");
        assertThat(last.time()).isEqualTo(TIME);
        assertThat(last.value()).isEqualTo(19999.5);
    }

    @Test
    void read_parquetTypes_becomeFields() throws Exception {
        Read read = read(parquet(
                "zstd",
                "select 'e1' as id, 7::double as customer_id, 'purchase' as type, timestamp '2026-11-20 10:15:00' as time,"
                        + " 3.49::decimal(10,2) as value, 2::int as quantity, 1795550000000 as arrival,"
                        + " '367' as \"attributes.store\", 5 as \"attributes.n\", true as \"attributes.vip\","
                        + " date_trunc('day', timestamp '2026-01-02 00:00:00') as \"attributes.joined\""
                        + " union all select null, 8, 'view', null, null, null, null, null, null, null, null"));
        Event event = read.events.getFirst();
        assertThat(event.customer().value()).isEqualTo("7");
        assertThat(event.value()).isEqualTo(3.49);
        assertThat(event.quantity()).isEqualTo(2);
        assertThat(read.arrivals).containsExactly(1795550000000L);
        assertThat(event.attributes().leaves().toString())
                .isEqualTo("{store=Text[value=367], n=Whole[value=5], vip=Flag[value=true],"
                        + " joined=Text[value=2026-01-02T00:00:00Z]}");
        assertThat(read.errors).extracting(EventError::field).containsExactly("id");
    }

    @Test
    void read_parquetStruct_isTakenAsAttributes() throws Exception {
        Read read = read(parquet(
                "snappy",
                "select 'e' || i as id, 'c' as customer_id, 'view' as type, 1795169700000 as time,"
                        + " case when i = 1 then null else {'store': 's' || i, 'deep': {'n': i}} end as attributes"
                        + " from range(3) t(i)"));
        assertThat(read.errors).isEmpty();
        assertThat(read.events)
                .extracting(e -> e.attributes().leaves().toString())
                .containsExactly(
                        "{store=Text[value=s0], deep.n=Whole[value=0]}",
                        "{}",
                        "{store=Text[value=s2], deep.n=Whole[value=2]}");
    }

    @Test
    void read_parquetList_failsNamingTheColumn() throws Exception {
        Path file = parquet("zstd", "select 'e' as id, 'c' as customer_id, 'view' as type, [1] as time");
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(EventFileException.class)
                .hasMessageContaining("time");
    }

    @Test
    void read_cutParquet_failsWithTheFile() throws Exception {
        Path whole = parquet("zstd", "select 'e' as id, 'c' as customer_id, 'view' as type, 1795169700000 as time");
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = folder.resolve("cut.parquet");
        Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> read(cut))
                .isInstanceOf(EventFileException.class)
                .hasMessageContaining("cut.parquet");
    }

    @Test
    void open_missingFile_fails() {
        assertThatThrownBy(() -> EventFile.open(folder.resolve("nowhere.ndjson")))
                .isInstanceOf(EventFileException.class)
                .hasMessageContaining("nowhere.ndjson: no such file");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Path parquet(String compression, String select) throws Exception {
        Path file = folder.resolve(compression + ".parquet");
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute(
                    "copy (" + select + ") to '" + file + "' (format parquet, compression " + compression + ")");
        }
        return file;
    }

    private static Read read(Path path) throws IOException {
        EventFile file = EventFile.open(path);
        Read read = new Read(file);
        file.read(ArrivalRule.OWN_OR_TIME, NOW, read);
        return read;
    }

    private static final class Read implements EventSink {

        final EventFile file;
        final List<Event> events = new ArrayList<>();
        final List<Long> arrivals = new ArrayList<>();
        final List<EventError> errors = new ArrayList<>();

        Read(EventFile file) {
            this.file = file;
        }

        @Override
        public void event(int index, Event event, long arrival) {
            events.add(event);
            arrivals.add(arrival);
        }

        @Override
        public void error(EventError error) {
            errors.add(error);
        }

        List<String> places() {
            return errors.stream().map(error -> file.place(error.index())).toList();
        }
    }
}
