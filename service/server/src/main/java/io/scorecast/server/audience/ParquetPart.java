package io.scorecast.server.audience;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.StringJoiner;

/** Turns a part written as CSV into Parquet, by DuckDB, a piece at a time. */
final class ParquetPart {

    private ParquetPart() {}

    static void convert(Path csv, Path parquet, Layout layout) throws IOException {
        StringJoiner columns = new StringJoiner(", ", "{", "}");
        for (Layout.Column column : layout.columns()) {
            columns.add(quoted(column.name()) + ": '" + type(column.field()) + "'");
        }
        if (!layout.payload().isEmpty()) {
            columns.add(quoted(layout.preset().payload()) + ": 'VARCHAR'");
        }
        String sql = "copy (select * from read_csv(" + quoted(csv.toString())
                + ", header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '',"
                + " allow_quoted_nulls = false, max_line_size = 16000000, columns = " + columns
                + ")) to " + quoted(parquet.toString()) + " (format parquet, compression zstd)";
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute("set memory_limit = '512MB'");
            statement.execute("set timezone = 'UTC'");
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IOException(parquet + ": cannot be written: " + e.getMessage(), e);
        }
    }

    /** Takes customers' rows out of a part; says how many rows stay. */
    static long filter(Path parquet, IdPlace place, Set<String> customers) throws IOException {
        Path partial = parquet.resolveSibling(parquet.getFileName() + ".part");
        String column = "\"" + place.column().replace("\"", "\"\"") + "\"";
        StringJoiner gone = new StringJoiner(" or ");
        for (String customer : customers) {
            gone.add(
                    place.member().isEmpty()
                            ? column + " = " + quoted(customer)
                            : "contains(" + column + ", " + quoted(Plain.member(place.member(), customer)) + ")");
        }
        String from = " from read_parquet(" + quoted(parquet.toString()) + ")";
        long rows;
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            statement.execute("set memory_limit = '512MB'");
            statement.execute("copy (select *" + from + " where coalesce(not (" + gone + "), true)) to "
                    + quoted(partial.toString()) + " (format parquet, compression zstd)");
            try (ResultSet count =
                    statement.executeQuery("select count(*) from read_parquet(" + quoted(partial.toString()) + ")")) {
                rows = count.next() ? count.getLong(1) : 0;
            }
        } catch (SQLException e) {
            throw new IOException(parquet + ": cannot be rewritten: " + e.getMessage(), e);
        }
        JobFolder.force(partial);
        Files.move(partial, parquet, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return rows;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String type(Field field) {
        return switch (field.kind()) {
            case TEXT, TEXTS -> "VARCHAR";
            case NUMBER -> "DOUBLE";
            case TRUTH -> "BOOLEAN";
            case INSTANT -> "TIMESTAMP";
        };
    }
}
