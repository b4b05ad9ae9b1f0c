package io.scorecast.server.audience;

import io.scorecast.engine.problem.Nearest;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Ids from a column of a Parquet file, read by DuckDB as texts, whatever the column's type. */
final class ParquetIds {

    private ParquetIds() {}

    /** Takes a cell and where it stands. */
    @FunctionalInterface
    interface Take {
        void take(String text, String place, IdFile.Sink sink) throws IOException;
    }

    static void read(Path path, List<String> wanted, IdFile.Sink sink, Take take) throws IOException {
        String file = "'" + path.toString().replace("'", "''") + "'";
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute("set memory_limit = '256MB'");
            String column = column(path, wanted, statement, file);
            String sql =
                    "select cast(\"" + column.replace("\"", "\"\"") + "\" as varchar) from read_parquet(" + file + ")";
            long row = 0;
            try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    row++;
                    String id = rows.getString(1);
                    String place = path.getFileName() + ": row " + row;
                    if (id == null || id.isBlank()) {
                        sink.bad("", place, "there is no id in this row");
                    } else {
                        take.take(id.strip(), place, sink);
                    }
                }
            }
        } catch (SQLException e) {
            throw new AudienceException("customers", path + ": not valid Parquet: " + e.getMessage());
        }
    }

    private static String column(Path path, List<String> wanted, Statement statement, String file) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet schema = statement.executeQuery("describe select * from read_parquet(" + file + ")")) {
            while (schema.next()) {
                names.add(schema.getString(1));
            }
        }
        for (String name : wanted) {
            for (String found : names) {
                if (found.equalsIgnoreCase(name)) {
                    return found;
                }
            }
        }
        if (names.size() == 1) {
            return names.getFirst();
        }
        throw new AudienceException("customers", path + ": " + Nearest.message("column", "customer_id", names));
    }
}
