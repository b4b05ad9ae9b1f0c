package io.scorecast.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Features as Parquet, written by DuckDB: {@code customer_id} a string, {@code at} a timestamp in UTC, numbers as 32-bit
 * floats, null for a missing one; zstd. Rows beyond a gigabyte wait on disk, beside the file, until it is finished.
 */
final class ParquetTable implements FeatureTable {

    private static final String MEMORY = "1GB";
    private static final int NUMBERS_A_GROUP = 16 << 20;
    private static final int FEWEST_ROWS_A_GROUP = 2_048; // DuckDB's own vector, below which it does not go
    private static final int MOST_ROWS_A_GROUP = 122_880; // DuckDB's default

    private final Path file;
    private final FeatureColumns columns;
    private final Connection duckdb;
    private final DuckDBAppender appender;

    ParquetTable(Path file, FeatureColumns columns) throws IOException {
        this.file = file;
        this.columns = columns;
        try {
            duckdb = DriverManager.getConnection("jdbc:duckdb:");
            execute("set memory_limit = '" + MEMORY + "'");
            execute("set temp_directory = " + quoted(file + ".spill"));
            StringBuilder create = new StringBuilder("create table t (customer_id varchar, \"at\" timestamptz");
            for (FeatureColumns.Column column : columns.columns()) {
                create.append(", \"")
                        .append(column.name().replace("\"", "\"\""))
                        .append('"');
                create.append(column.isText() ? " varchar" : " real");
            }
            execute(create.append(')').toString());
            appender = duckdb.unwrap(DuckDBConnection.class).createAppender("t");
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public void write(FeatureRows rows) throws IOException {
        try {
            for (int row = 0; row < rows.count(); row++) {
                appender.beginRow();
                appender.append(rows.customer(row).value());
                appender.appendEpochMicros(rows.instant(row) * 1_000);
                for (FeatureColumns.Column column : columns.columns()) {
                    if (column.isText()) {
                        append(rows.text(row, column.position()));
                    } else {
                        append(rows.number(row, column.position()));
                    }
                }
                appender.endRow();
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private void append(float number) throws SQLException {
        if (Float.isNaN(number)) {
            appender.appendNull();
        } else {
            appender.append(number);
        }
    }

    private void append(@Nullable String text) throws SQLException {
        if (text == null) {
            appender.appendNull();
        } else {
            appender.append(text);
        }
    }

    @Override
    public void finish() throws IOException {
        try {
            appender.close();
            int rows = Math.clamp(NUMBERS_A_GROUP / columns.columns().size(), FEWEST_ROWS_A_GROUP, MOST_ROWS_A_GROUP);
            execute("copy t to " + quoted(file.toString()) + " (format parquet, compression zstd, row_group_size "
                    + rows + ")");
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            duckdb.close();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private IOException failure(SQLException e) {
        return new IOException(file + ": cannot be written: " + e.getMessage(), e);
    }
}
