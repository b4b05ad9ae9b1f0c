package io.scorecast.engine.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * When an event happened: RFC 3339 or epoch milliseconds, and which times are believed. Clocks of senders run ahead by
 * seconds, so up to five minutes ahead is taken as now; more than a day ahead or before 1995 is a mistake, most often
 * one of unit.
 */
public final class EventTime {

    /** 1995-01-01T00:00:00Z. */
    public static final long EARLIEST = 788_918_400_000L;

    /** The end of the year 9999: RFC 3339 has four digits for a year. */
    public static final long LATEST = 253_402_300_799_999L;

    public static final long MAX_SKEW = 5 * 60_000L;
    public static final long MAX_AHEAD = 86_400_000L;

    private static final String FORM = "RFC 3339 (2026-11-20T10:15:00Z) or epoch milliseconds as a number";

    private EventTime() {}

    /**
     * Applies the rules of belief.
     *
     * @return the time, or the arrival if the time is a little ahead of it
     * @throws InvalidEventException with field {@code time} if the time is out of bounds, with a hint at the likely unit
     */
    public static long accept(long time, long arrival) {
        if (time < EARLIEST) {
            throw refuse("time", time, arrival, "before 1995");
        }
        if (time > arrival) {
            if (time - arrival > MAX_AHEAD) {
                throw refuse("time", time, arrival, "more than a day ahead");
            }
            return time - arrival <= MAX_SKEW ? arrival : time;
        }
        return time;
    }

    /**
     * Checks the arrival that an event in a file claims.
     *
     * @param received when the file is read, epoch milliseconds
     * @throws InvalidEventException with field {@code arrival} if it is out of bounds
     */
    static long acceptArrival(long arrival, long received) {
        if (arrival < EARLIEST) {
            throw refuse("arrival", arrival, received, "before 1995");
        }
        if (arrival > received && arrival - received > MAX_AHEAD) {
            throw refuse("arrival", arrival, received, "more than a day ahead");
        }
        return arrival;
    }

    private static InvalidEventException refuse(String field, long time, long arrival, String fault) {
        String hint = "";
        if (isCredible(time, 1_000, 1, arrival)) {
            hint = "; it looks like seconds: multiply by 1000";
        } else if (isCredible(time, 1, 1_000, arrival)) {
            hint = "; it looks like microseconds: divide by 1000";
        } else if (isCredible(time, 1, 1_000_000, arrival)) {
            hint = "; it looks like nanoseconds: divide by 1000000";
        }
        return new InvalidEventException(
                field, field + " " + time + " (" + show(time) + ") is " + fault + " in epoch milliseconds" + hint);
    }

    private static boolean isCredible(long time, long times, long by, long arrival) {
        if (time > Long.MAX_VALUE / times) {
            return false;
        }
        long millis = time * times / by;
        return millis >= EARLIEST && millis <= arrival + MAX_AHEAD;
    }

    /**
     * Epoch milliseconds that can be an instant to ask for.
     *
     * @throws InvalidEventException with that field, if they are before 1995 or after the year 9999
     */
    public static long ofMillis(String field, long millis) {
        if (millis < EARLIEST) {
            throw new InvalidEventException(field, field + " " + millis + " is before 1995 in epoch milliseconds");
        }
        if (millis > LATEST) {
            throw new InvalidEventException(
                    field, field + " " + millis + " is after the year 9999 in epoch milliseconds");
        }
        return millis;
    }

    private static String show(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    /** Epoch milliseconds from a number, a fraction cut off. */
    static long ofNumber(String field, double millis) {
        if (!(Math.abs(millis) < 9e18)) {
            throw new InvalidEventException(field, field + " is no time; expected " + FORM);
        }
        return (long) Math.floor(millis);
    }

    /**
     * Reads RFC 3339, with any offset and any number of fractional digits (cut to milliseconds).
     *
     * @return epoch milliseconds
     * @throws InvalidEventException with field {@code time} that says what is wrong
     */
    public static long parse(String text) {
        return parse("time", text);
    }

    /**
     * The same for another field, {@code arrival}.
     *
     * @throws InvalidEventException with that field
     */
    public static long parse(String field, String text) {
        Cursor at = new Cursor(field, text);
        int year = at.digits(4);
        at.expect('-');
        int month = at.digits(2);
        at.expect('-');
        int day = at.digits(2);
        if (at.isAtEnd()) {
            throw at.fail("has a date but no time of day");
        }
        at.expectOneOf("Tt ");
        int hour = at.digits(2);
        at.expect(':');
        int minute = at.digits(2);
        at.expect(':');
        int second = at.digits(2);
        int milli = at.fraction();
        if (at.isAtEnd()) {
            throw at.fail("has no offset: add Z or +01:00");
        }
        long offsetMinutes = at.offset();
        if (!at.isAtEnd() || hour > 23 || minute > 59 || second > 60) {
            throw at.fail("is no time");
        }
        try {
            // A leap second counts as the first of the next minute, as POSIX time has it.
            long days = LocalDate.of(year, month, day).toEpochDay();
            return (days * 86_400 + hour * 3_600L + (minute - offsetMinutes) * 60L + second) * 1_000 + milli;
        } catch (DateTimeException e) {
            throw at.fail("is no date: " + e.getMessage());
        }
    }

    private static final class Cursor {

        private final String field;
        private final String text;
        private int position;

        Cursor(String field, String text) {
            this.field = field;
            this.text = text;
        }

        boolean isAtEnd() {
            return position == text.length();
        }

        int digits(int count) {
            int number = 0;
            for (int i = 0; i < count; i++) {
                number = number * 10 + digit();
            }
            return number;
        }

        private int digit() {
            char c = position < text.length() ? text.charAt(position) : ' ';
            if (c < '0' || c > '9') {
                throw fail(isAllDigits(text) ? "is a text; epoch milliseconds must be a number" : "is no time");
            }
            position++;
            return c - '0';
        }

        void expect(char c) {
            if (isAtEnd() || text.charAt(position) != c) {
                throw fail(isAllDigits(text) ? "is a text; epoch milliseconds must be a number" : "is no time");
            }
            position++;
        }

        void expectOneOf(String chars) {
            if (chars.indexOf(text.charAt(position)) < 0) {
                throw fail("is no time");
            }
            position++;
        }

        int fraction() {
            if (isAtEnd() || text.charAt(position) != '.') {
                return 0;
            }
            position++;
            int milli = digit() * 100;
            for (int unit = 10; !isAtEnd() && Character.digit(text.charAt(position), 10) >= 0; unit /= 10) {
                milli += digit() * unit;
            }
            return milli;
        }

        long offset() {
            char sign = text.charAt(position++);
            if (sign == 'Z' || sign == 'z') {
                return 0;
            }
            if (sign != '+' && sign != '-') {
                throw fail("is no time");
            }
            int hours = digits(2);
            expect(':');
            int minutes = digits(2);
            if (hours > 23 || minutes > 59) {
                throw fail("has no such offset");
            }
            return (sign == '-' ? -1 : 1) * (hours * 60L + minutes);
        }

        InvalidEventException fail(String fault) {
            return new InvalidEventException(
                    field, field + " " + Texts.quote(text) + " " + fault + "; expected " + FORM);
        }

        private static boolean isAllDigits(String text) {
            return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        }
    }
}
