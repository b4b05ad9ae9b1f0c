package io.scorecast.server.ingest.file;

import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.Validity;
import dev.hardwood.schema.ColumnSchema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The cells of one column of the batch that is being read, put into rows as what the column's type says they are. */
final class ParquetCells {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MILLIS_PER_DAY = 86_400_000;
    private static final long JULIAN_DAY_OF_1970 = 2_440_588;

    private final EventColumn column;
    private final Kind kind;
    private final int scale;
    private Validity validity = Validity.NO_NULLS;
    private long @Nullable [] longs;
    private int @Nullable [] ints;
    private double @Nullable [] doubles;
    private float @Nullable [] floats;
    private boolean @Nullable [] booleans;
    private String @Nullable [] strings;
    private byte @Nullable [][] binaries;

    private ParquetCells(EventColumn column, Kind kind, int scale) {
        this.column = column;
        this.kind = kind;
        this.scale = scale;
    }

    /**
     * Decides how a column is read.
     *
     * @throws EventFileException if its type cannot be an event's field
     */
    static ParquetCells of(Path path, EventColumn column, ColumnSchema schema) throws EventFileException {
        Kind kind = schema.maxRepetitionLevel() > 0 ? null : kind(schema.type(), schema.logicalType());
        if (kind == null) {
            throw new EventFileException(path + ": column '" + column.name() + "' is of type "
                    + (schema.maxRepetitionLevel() > 0 ? "list" : schema.type() + " " + schema.logicalType())
                    + ", which no field of an event can take");
        }
        int scale = schema.logicalType() instanceof LogicalType.DecimalType decimal ? decimal.scale() : 0;
        return new ParquetCells(column, kind, scale);
    }

    private static @Nullable Kind kind(PhysicalType type, @Nullable LogicalType logical) {
        if (logical instanceof LogicalType.TimestampType timestamp && type == PhysicalType.INT64) {
            return switch (timestamp.unit()) {
                case MILLIS -> Kind.MILLIS;
                case MICROS -> Kind.MICROS;
                case NANOS -> Kind.NANOS;
            };
        }
        if (logical instanceof LogicalType.DecimalType) {
            return switch (type) {
                case INT32 -> Kind.DECIMAL_INT;
                case INT64 -> Kind.DECIMAL_LONG;
                case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> Kind.DECIMAL_BYTES;
                case BOOLEAN, INT96, FLOAT, DOUBLE -> null;
            };
        }
        if (logical instanceof LogicalType.DateType || logical instanceof LogicalType.TimeType) {
            return null;
        }
        return switch (type) {
            case BOOLEAN -> Kind.BOOLEAN;
            case INT32 -> Kind.INT;
            case INT64 -> Kind.LONG;
            case INT96 -> Kind.SPARK_TIMESTAMP;
            case FLOAT -> Kind.FLOAT;
            case DOUBLE -> Kind.DOUBLE;
            case BYTE_ARRAY -> Kind.STRING;
            case FIXED_LEN_BYTE_ARRAY -> null;
        };
    }

    /** Moves to the reader's batch. */
    void take(ColumnReader reader) {
        validity = reader.getLeafValidity();
        switch (kind) {
            case BOOLEAN -> booleans = reader.getBooleans();
            case INT, DECIMAL_INT -> ints = reader.getInts();
            case LONG, DECIMAL_LONG, MILLIS, MICROS, NANOS -> longs = reader.getLongs();
            case FLOAT -> floats = reader.getFloats();
            case DOUBLE -> doubles = reader.getDoubles();
            case STRING -> strings = reader.getStrings();
            case DECIMAL_BYTES, SPARK_TIMESTAMP -> binaries = reader.getBinaries();
        }
    }

    /** Puts the cell of a record of the batch into a row; a null, or a NaN, leaves the field absent. */
    void put(EventRow row, int i) {
        if (validity.isNull(i)) {
            return;
        }
        switch (kind) {
            case BOOLEAN -> row.flag(column, of(booleans)[i]);
            case INT -> row.whole(column, of(ints)[i]);
            case LONG -> row.whole(column, of(longs)[i]);
            case DECIMAL_INT ->
                number(row, BigDecimal.valueOf(of(ints)[i], scale).doubleValue());
            case DECIMAL_LONG ->
                number(row, BigDecimal.valueOf(of(longs)[i], scale).doubleValue());
            case DECIMAL_BYTES -> number(row, new BigDecimal(new BigInteger(of(binaries)[i]), scale).doubleValue());
            case MILLIS -> instant(row, of(longs)[i]);
            case MICROS -> instant(row, Math.floorDiv(of(longs)[i], 1_000L));
            case NANOS -> instant(row, Math.floorDiv(of(longs)[i], NANOS_PER_MILLI));
            case SPARK_TIMESTAMP -> instant(row, sparkMillis(of(binaries)[i]));
            case FLOAT -> number(row, of(floats)[i]);
            case DOUBLE -> number(row, of(doubles)[i]);
            case STRING -> row.text(column, of(strings)[i]);
        }
    }

    private void number(EventRow row, double value) {
        if (!Double.isNaN(value)) {
            row.number(column, value);
        }
    }

    /** A timestamp is an instant where one is wanted, and text in an attribute. */
    private void instant(EventRow row, long millis) {
        if (column.isTime()) {
            row.whole(column, millis);
        } else {
            row.text(column, Instant.ofEpochMilli(millis).toString());
        }
    }

    /** INT96: nanoseconds of the day, then the Julian day, as Spark and Impala write timestamps. */
    private static long sparkMillis(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long nanos = buffer.getLong();
        return (buffer.getInt() - JULIAN_DAY_OF_1970) * MILLIS_PER_DAY + Math.floorDiv(nanos, NANOS_PER_MILLI);
    }

    private static <T> T of(@Nullable T array) {
        if (array == null) {
            throw new IllegalStateException("no batch was taken");
        }
        return array;
    }

    private enum Kind {
        BOOLEAN,
        INT,
        LONG,
        FLOAT,
        DOUBLE,
        STRING,
        DECIMAL_INT,
        DECIMAL_LONG,
        DECIMAL_BYTES,
        MILLIS,
        MICROS,
        NANOS,
        SPARK_TIMESTAMP
    }
}
