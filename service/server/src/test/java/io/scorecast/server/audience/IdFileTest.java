package io.scorecast.server.audience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdFileTest {

    @TempDir
    Path folder;

    private final List<String> ids = new ArrayList<>();
    private final List<String> bad = new ArrayList<>();

    private void read(String name, byte[] content) throws IOException {
        ids.clear();
        bad.clear();
        Path file = folder.resolve(name);
        Files.write(file, content);
        read(file);
    }

    private void read(Path file) throws IOException {
        new IdFile(file).read(new IdFile.Sink() {
            @Override
            public void id(String id) {
                ids.add(id);
            }

            @Override
            public void bad(String text, String place, String reason) {
                bad.add(place);
            }
        });
    }

    private void read(String name, String text) throws IOException {
        read(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void plainLines_withMarkAndWindowsEnds() throws IOException {
        read("ids.txt", "\ufeffa\r\n\r\n b \r\na\r\nä@x,y");
        assertThat(ids).containsExactly("a", "b", "a", "ä@x,y");
        assertThat(bad).isEmpty();
    }

    @Test
    void csvOfOneColumn_withoutAKnownHeading_losesNobody() throws IOException {
        read("ids.csv", "first\nsecond\n");
        assertThat(ids).containsExactly("first", "second");
        read("one.csv", "alone\n");
        assertThat(ids).containsExactly("alone");
        read("named.csv", "external_id\nfirst\n");
        assertThat(ids).containsExactly("first");
    }

    @Test
    void badRow_inTheMiddle_isNamedByItsLine() throws IOException {
        read("ids.txt", "a\nb{\n" + "x".repeat(200) + "\nc\n");
        assertThat(ids).containsExactly("a", "c");
        assertThat(bad).containsExactly("ids.txt: line 2", "ids.txt: line 3");
    }

    @Test
    void csv_hasItsColumnByName() throws IOException {
        read("ids.csv", "\ufeffName,Customer_ID,x\r\n\"a,b\",c-1,2\r\n\"line\nbreak\",\"c,2\",3\r\nq,,4\r\n\r\n");
        assertThat(ids).containsExactly("c-1", "c,2");
        assertThat(bad).containsExactly("ids.csv: line 5");
    }

    @Test
    void csv_withoutItsEnding_andOfSemicolons() throws IOException {
        read("export", "email;external_id\nm;7\nn;8\n");
        assertThat(ids).containsExactly("7", "8");
    }

    @Test
    void csv_withAForeignHeader_isRefusedWithWhatThereIs() {
        assertThatThrownBy(() -> read("ids.csv", "a,b\n1,2\n"))
                .isInstanceOf(AudienceException.class)
                .hasMessageContaining("customer_id")
                .hasMessageContaining("[a, b]");
    }

    @Test
    void ndjson_ofObjectsAndStrings() throws IOException {
        read(
                "ids.ndjson.gz",
                packed("{\"x\": {\"customer_id\": \"no\"}, \"customer_id\": \"a\"}\n\"b\"\n{\"x\": 1}\n{oops\n"));
        assertThat(ids).containsExactly("a", "b");
        assertThat(bad).containsExactly("ids.ndjson.gz: line 3", "ids.ndjson.gz: line 4");
    }

    @Test
    void parquet_ofNumbersAsIds() throws Exception {
        Path file = folder.resolve("ids.parquet");
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute("copy (select * from (values ('p', 1), ('q', 2), ('r', null)) t(name, customer_id)) to '"
                    + file + "' (format parquet)");
        }
        read(file);
        assertThat(ids).containsExactly("1", "2");
        assertThat(bad).containsExactly("ids.parquet: row 3");
    }

    @Test
    void nothing_isNoId() throws IOException {
        read("ids.txt", "");
        assertThat(ids).isEmpty();
        read("ids.csv", "\ufeff");
        assertThat(ids).isEmpty();
        assertThat(bad).isEmpty();
    }

    @Test
    void cutOffGzip_isRefused() throws IOException {
        byte[] whole = packed("a\nb\n".repeat(10_000));
        assertThatThrownBy(() -> read("ids.gz", java.util.Arrays.copyOf(whole, whole.length - 20)))
                .isInstanceOf(AudienceException.class);
    }
}
