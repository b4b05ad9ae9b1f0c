package io.scorecast.server.ingest.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.event.ArrivalRule;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventSink;
import io.scorecast.server.Fuzzer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of events: read as far as they can be, with an error for each bad place, or refused with their name. */
@Timeout(3_600)
class EventFileFuzzTest {

    private static final long NOW = 1_795_600_000_000L;
    private static final String CSV = """
            id,customer_id,type,time,value,attributes,attributes.shop,attributes.vip,arrival
            e1,c1,purchase,2026-11-20T10:15:00Z,3.50,"{""loyalty"":{""tier"":""gold""}}",12,true,1795550000000
            e2,"c,2",view,1795169700000,,,,,
            """;
    private static final String LINE =
            "{\"id\":\"e1\",\"customer_id\":\"c1\",\"type\":\"view\",\"time\":1795169700000,\"arrival\":1795169700000}";

    private static final EventSink ANY = new EventSink() {
        @Override
        public void event(int index, Event event, long arrival) {
            assertThat(event.id().value()).isNotEmpty();
        }

        @Override
        public void error(EventError error) {
            assertThat(error.detail()).isNotBlank();
        }
    };

    @TempDir
    Path folder;

    private void read(String name, byte[] input) throws IOException {
        Path path = Files.write(folder.resolve(name), input);
        try {
            EventFile file = EventFile.open(path);
            file.read(ArrivalRule.OWN_OR_TIME, NOW, new EventSink() {
                @Override
                public void event(int index, Event event, long arrival) {
                    assertThat(event.id().value()).isNotEmpty();
                }

                @Override
                public void error(EventError error) {
                    assertThat(error.detail()).isNotBlank();
                    assertThat(file.place(error.index())).contains(name);
                }
            });
        } catch (EventFileException e) {
            assertThat(e.getMessage()).contains(name);
        }
    }

    @Test
    void csv() {
        Fuzzer.ofTexts(List.of(CSV), "\"\"", "\",\"", "\r\n", "attributes.", "id,", "\ufeff")
                .oneIn(2)
                .feed(input -> read("events.csv", input));
    }

    @Test
    void json() {
        Fuzzer.ofTexts(List.of("[" + LINE + ", 5, " + LINE + "]", LINE + "\n" + LINE + "\n"), "},{", "]\n")
                .oneIn(2)
                .feed(input -> read("events.json", input));
    }

    @Test
    void packed() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write((LINE + "\n").repeat(20).getBytes(UTF_8));
        }
        new Fuzzer(List.of(packed.toByteArray())).oneIn(2).feed(input -> read("events.ndjson.gz", input));
    }

    @Test
    void parquet() throws Exception {
        List<byte[]> corpus = new ArrayList<>();
        for (String compression : List.of("uncompressed", "snappy", "zstd", "gzip")) {
            Path file = folder.resolve("good.parquet");
            try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                    Statement statement = duckdb.createStatement()) {
                statement.execute("copy (select 'e' || i as id, 'c' || i % 7 as customer_id, 'view' as type,"
                        + " timestamptz '2026-11-20 10:15:00Z' as time, i / 2.0 as value, 's' || i % 3 as"
                        + " \"attributes.store\" from range(30) t(i)) to '" + file + "' (format parquet, compression "
                        + compression + ")");
            }
            corpus.add(Files.readAllBytes(file));
        }
        // Where the library goes round for ever, a thread of this process goes on doing so: short runs have no such
        // input.
        Path changed = folder.resolve("events.parquet");
        new Fuzzer(corpus, "PAR1").oneIn(5).allowing(256L << 20).feed(input -> {
            Files.write(changed, input);
            try {
                new ParquetEvents(changed, TableShape.PLAIN, share -> {}, Duration.ofSeconds(1))
                        .read(ArrivalRule.OWN_OR_TIME, NOW, ANY);
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        });
    }
}
