package io.scorecast.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.server.cli.FeatureColumns.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureTableTest {

    private static final FeatureColumns COLUMNS = new FeatureColumns(
            List.of(new Column("n", false, 0), new Column("last \"word\"", true, 0), new Column("v_0", false, 1)),
            2,
            1);

    @TempDir
    Path folder;

    @Test
    void csv_missingValues_areEmptyCells() throws IOException {
        Path file = write("out.csv");
        assertThat(Files.readString(file)).isEqualTo("""
                customer_id,at,n,"last ""word""\",v_0
                "a,b",2026-11-01T00:00:00Z,3,,
                c,2026-11-01T00:00:00.001Z,,tea,0.1
                """);
    }

    @Test
    void parquet_holdsStringsAnInstantAndFloats() throws Exception {
        Path file = write("it's.parquet");
        assertThat(query("select column_name || ' ' || column_type from (describe select * from '%s')", file))
                .containsExactly(
                        "customer_id VARCHAR",
                        "at TIMESTAMP WITH TIME ZONE",
                        "n FLOAT",
                        "last \"word\" VARCHAR",
                        "v_0 FLOAT");
        assertThat(query(
                        "select concat_ws('|', customer_id, epoch_ms(\"at\"), coalesce(n, -1), \"last \"\"word\"\"\","
                                + " coalesce(v_0, -1)) from '%s'",
                        file))
                .containsExactly("a,b|1793491200000|3.0|-1.0", "c|1793491200001|-1.0|tea|0.1");
    }

    private Path write(String name) throws IOException {
        Path file = folder.resolve(name);
        FeatureRows rows = new FeatureRows(2, COLUMNS);
        int first = rows.add(CustomerId.of("a,b"), 1793491200000L);
        rows.numbers()[rows.offset(first)] = 3;
        rows.numbers()[rows.offset(first) + 1] = Float.NaN;
        int second = rows.add(CustomerId.of("c"), 1793491200001L);
        rows.numbers()[rows.offset(second)] = Float.NaN;
        rows.numbers()[rows.offset(second) + 1] = 0.1f;
        rows.setText(second, 0, "tea");
        try (FeatureTable table = FeatureTable.create(file, name.endsWith(".parquet"), COLUMNS)) {
            table.write(rows);
            table.finish();
        }
        return file;
    }

    private static List<String> query(String sql, Path file) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet result =
                        statement.executeQuery(sql.formatted(file.toString().replace("'", "''")))) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }
}
