package io.scorecast.server.audience;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Copies the records of a file, but for those of some customers; the others stay byte for byte. For one file. */
final class RecordFilter {

    private final boolean csv;
    private final @Nullable String column;
    private final String member;
    private final Set<String> customers;
    private int place = -1;
    private long records;
    private long bytes;

    private RecordFilter(boolean csv, @Nullable String column, String member, Set<String> customers) {
        this.csv = csv;
        this.column = column;
        this.member = member;
        if (member.isEmpty()) {
            this.customers = customers;
        } else {
            this.customers = new HashSet<>();
            for (String customer : customers) {
                this.customers.add(new String(JsonStringEncoder.getInstance().quoteAsString(customer)));
            }
        }
    }

    /**
     * For CSV with a header.
     *
     * @param column the one that tells whose a record is; null for the first
     * @param member if that is JSON, the member of it that tells; else empty
     */
    static RecordFilter csv(@Nullable String column, String member, Set<String> customers) {
        return new RecordFilter(true, column, member, customers);
    }

    /** For one JSON object a line, a member of which tells whose it is. */
    static RecordFilter json(String member, Set<String> customers) {
        return new RecordFilter(false, null, member, customers);
    }

    /** Records that were copied, without the header. */
    long records() {
        return records;
    }

    /** Bytes that were copied. */
    long bytes() {
        return bytes;
    }

    /**
     * Copies.
     *
     * @param most bytes to read
     */
    void copy(InputStream in, OutputStream out, long most) throws IOException {
        byte[] buffer = new byte[1 << 16];
        Bytes record = new Bytes();
        boolean quoted = false;
        boolean header = csv;
        long left = most;
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        while (read > 0) {
            left -= read;
            int start = 0;
            for (int i = 0; i < read; i++) {
                quoted ^= csv && buffer[i] == '"';
                if (buffer[i] == '\n' && !quoted) {
                    record.put(buffer, start, i + 1 - start);
                    start = i + 1;
                    record(record.copy(), header, out);
                    header = false;
                    record.clear();
                }
            }
            record.put(buffer, start, read - start);
            read = left == 0 ? -1 : in.read(buffer, 0, (int) Math.min(buffer.length, left));
        }
        if (record.length() > 0) {
            record(record.copy(), header, out);
        }
    }

    private void record(byte[] record, boolean header, OutputStream out) throws IOException {
        if (header) {
            place = column == null ? 0 : place(record, column);
        } else if (customers.contains(id(record))) {
            return;
        } else {
            records++;
        }
        out.write(record);
        bytes += record.length;
    }

    private static int place(byte[] header, String column) {
        String cell = cell(header, 0);
        for (int i = 0; cell != null; i++) {
            if (cell.equals(column)) {
                return i;
            }
            cell = cell(header, i + 1);
        }
        return -1;
    }

    /** Empty where a record does not tell. */
    private String id(byte[] record) {
        String text = csv ? place < 0 ? null : cell(record, place) : new String(record, StandardCharsets.UTF_8);
        if (text == null || member.isEmpty()) {
            return text == null ? "" : text;
        }
        // Within a string the quotes would be escaped, so this is the member's name.
        String before = "\"" + member + "\":\"";
        int start = text.indexOf(before);
        if (start < 0) {
            return "";
        }
        int end = start + before.length();
        while (end < text.length() && text.charAt(end) != '"') {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        return text.substring(start + before.length(), Math.min(end, text.length()));
    }

    /** One cell of a record; null behind the last one. */
    private static @Nullable String cell(byte[] record, int wanted) {
        int end = record.length;
        while (end > 0 && (record[end - 1] == '\n' || record[end - 1] == '\r')) {
            end--;
        }
        int index = 0;
        int start = 0;
        boolean quoted = false;
        for (int i = 0; i <= end; i++) {
            if (i < end && record[i] == '"') {
                quoted = !quoted;
            } else if (i == end || (record[i] == ',' && !quoted)) {
                if (index == wanted) {
                    String text = new String(record, start, i - start, StandardCharsets.UTF_8);
                    return text.startsWith("\"") && text.endsWith("\"") && text.length() > 1
                            ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
                            : text;
                }
                index++;
                start = i + 1;
            }
        }
        return null;
    }
}
