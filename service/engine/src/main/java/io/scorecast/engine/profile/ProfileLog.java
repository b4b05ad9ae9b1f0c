package io.scorecast.engine.profile;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.scorecast.engine.event.AttributeValue;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventType;
import io.scorecast.engine.event.InvalidEventException;
import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The profile log: a header of fixed size and events after it, as {@code profile.proto} describes. Everything here may
 * build objects; what answers requests is the {@link ProfileDecoder}.
 */
public final class ProfileLog {

    /** Every log begins with so many bytes of header. */
    public static final int HEADER_BYTES = 20;

    private static final int HEADER_CONTENT = HEADER_BYTES - 2;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private ProfileLog() {}

    /** The bytes of a header: what a log begins with. */
    public static byte[] header(LogHeader header) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) Wire.HEADER)
                .put((byte) HEADER_CONTENT)
                .put((byte) Wire.EPOCH)
                .putLong(header.epoch())
                .put((byte) Wire.ERASED_AT)
                .putLong(header.erasedAt())
                .array();
    }

    /** The header of a log, or of its first {@link #HEADER_BYTES} bytes; null if it does not begin with one. */
    public static @Nullable LogHeader headerOf(byte[] log, int offset, int length) {
        if (length < HEADER_BYTES) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(log, offset, HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.get() != Wire.HEADER || bytes.get() != HEADER_CONTENT || bytes.get() != Wire.EPOCH) {
            return null;
        }
        long epoch = bytes.getLong();
        return bytes.get() == Wire.ERASED_AT ? new LogHeader(epoch, bytes.getLong()) : null;
    }

    /** When a log was last erased, epoch milliseconds; 0 if never. Events of that instant and before count for nothing. */
    public static long erasedAt(byte[] log, int offset, int length) {
        int at = offset + HEADER_BYTES - Long.BYTES;
        boolean header = length >= HEADER_BYTES
                && log[offset] == Wire.HEADER
                && log[offset + 1] == HEADER_CONTENT
                && log[offset + 2] == Wire.EPOCH
                && log[at - 1] == Wire.ERASED_AT;
        return header ? (long) LONGS.get(log, at) : 0;
    }

    /**
     * The bytes to append for one event.
     *
     * @param arrival when it was received, epoch milliseconds
     */
    public static byte[] event(Event event, long arrival) {
        return io.scorecast.engine.profile.wire.Profile.newBuilder()
                .addEvent(encode(event, arrival))
                .build()
                .toByteArray();
    }

    /**
     * A whole log in memory.
     *
     * @param epoch of its header
     * @param arrival when each event was received, epoch milliseconds
     */
    public static byte[] of(long epoch, List<Event> events, ToLongFunction<Event> arrival) {
        return append(header(new LogHeader(epoch, 0)), 0, HEADER_BYTES, events, arrival);
    }

    /** A log with more events behind it, as a context that is used and not stored; the log itself may be empty. */
    public static byte[] append(byte[] log, int offset, int length, List<Event> events, ToLongFunction<Event> arrival) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(length + 64 * events.size());
        bytes.write(log, offset, length);
        for (Event event : events) {
            bytes.writeBytes(event(event, arrival.applyAsLong(event)));
        }
        return bytes.toByteArray();
    }

    private static io.scorecast.engine.profile.wire.Event encode(Event event, long arrival) {
        io.scorecast.engine.profile.wire.Event.Builder wire = io.scorecast.engine.profile.wire.Event.newBuilder();
        byte[] uuid = Uuids.bytes(event.id().value());
        if (uuid == null) {
            wire.setId(event.id().value());
        } else {
            wire.setUuid(ByteString.copyFrom(uuid));
        }
        EventType known = event.knownType();
        if (known == null) {
            wire.setTypeName(event.type());
        } else {
            wire.setTypeValue(known.ordinal() + 1);
        }
        wire.setTime(event.time());
        wire.setArrivalDelta(arrival - event.time());
        set(event.order(), wire::setOrderId);
        set(event.session(), wire::setSessionId);
        set(event.product(), wire::setProductId);
        set(event.category(), wire::setCategory);
        set(event.source(), wire::setSource);
        double cents = Math.rint(event.value() * 100);
        if (cents / 100 == event.value() && Math.abs(cents) < 1L << 53 && !isNegativeZero(event.value())) {
            wire.setCents((long) cents);
        } else if (!Double.isNaN(event.value())) {
            wire.setValue(event.value());
        }
        double quantity = event.quantity();
        if (quantity == Math.rint(quantity) && quantity >= 0 && quantity < 1L << 53 && !isNegativeZero(quantity)) {
            wire.setQuantity((long) quantity);
        } else if (!Double.isNaN(quantity)) {
            wire.setExactQuantity(quantity);
        }
        for (Map.Entry<String, AttributeValue> leaf :
                event.attributes().leaves().entrySet()) {
            wire.addAttribute(LeafCodec.encode(leaf.getKey(), leaf.getValue()));
        }
        return wire.build();
    }

    private static boolean isNegativeZero(double x) {
        return x == 0 && Double.doubleToRawLongBits(x) != 0;
    }

    private static void set(@Nullable String value, java.util.function.Consumer<String> field) {
        if (value != null) {
            field.accept(value);
        }
    }

    /**
     * The events of a log as they stand there: in the log's order, with duplicates. What cannot be read is left out.
     *
     * @param customer whose log it is
     */
    public static List<LoggedEvent> events(CustomerId customer, byte[] log, int offset, int length) {
        List<LoggedEvent> events = new ArrayList<>();
        LogReader reader = new LogReader();
        reader.open(log, offset, length);
        while (reader.nextEvent()) {
            LoggedEvent event = read(customer, Arrays.copyOfRange(log, reader.eventStart(), reader.eventEnd()));
            if (event != null) {
                events.add(event);
            }
        }
        return events;
    }

    /** How many events stand in a log, repeats and unreadable ones included. */
    public static int count(byte[] log, int offset, int length) {
        int count = 0;
        LogReader reader = new LogReader();
        reader.open(log, offset, length);
        while (reader.nextEvent()) {
            count++;
        }
        return count;
    }

    /** Whether a log cannot be read from some event on. */
    public static boolean isBroken(byte[] log, int offset, int length) {
        LogReader reader = new LogReader();
        reader.open(log, offset, length);
        while (reader.nextEvent()) {
            // Only its length is looked at.
        }
        return reader.broken();
    }

    /** Null if the message cannot be read; the decoder skips and counts it too. */
    private static @Nullable LoggedEvent read(CustomerId customer, byte[] message) {
        try {
            return decode(customer, io.scorecast.engine.profile.wire.Event.parseFrom(message));
        } catch (InvalidProtocolBufferException | InvalidEventException e) {
            return null;
        }
    }

    private static LoggedEvent decode(CustomerId customer, io.scorecast.engine.profile.wire.Event wire) {
        double value = wire.hasCents() ? wire.getCents() / 100.0 : wire.hasValue() ? wire.getValue() : Double.NaN;
        double quantity = wire.hasQuantity()
                ? wire.getQuantity()
                : wire.hasExactQuantity() ? wire.getExactQuantity() : Double.NaN;
        Event event = Event.builder()
                .id(
                        wire.getUuid().size() == Uuids.BYTES
                                ? Uuids.text(wire.getUuid().toByteArray())
                                : wire.getId())
                .customer(customer)
                .type(typeName(wire))
                .time(wire.getTime())
                .product(orNull(wire.getProductId()))
                .category(orNull(wire.getCategory()))
                .order(orNull(wire.getOrderId()))
                .session(orNull(wire.getSessionId()))
                .source(orNull(wire.getSource()))
                .value(value)
                .quantity(quantity)
                .attributes(LeafCodec.decode(wire.getAttributeList()))
                .build(Long.MAX_VALUE);
        return new LoggedEvent(event, wire.getTime() + wire.getArrivalDelta());
    }

    private static String typeName(io.scorecast.engine.profile.wire.Event wire) {
        return switch (wire.getType()) {
            case FREE -> wire.getTypeName();
            case UNRECOGNIZED -> throw new InvalidEventException("type", "a type of a later version");
            default -> EventType.values()[wire.getTypeValue() - 1].typeName();
        };
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
