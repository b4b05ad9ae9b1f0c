package io.scorecast.server.audience;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How results are written.
 *
 * @param format null for the preset's, CSV without one
 * @param preset name of a preset, or the path of a file of one; null for the answer's own fields
 * @param columns fields to write, in order, each {@code field} or {@code field=name}; empty for all
 * @param rowsPerPart 0 for the preset's limit
 * @param bytesPerPart of text before it is packed; 0 for the preset's limit
 */
public record Output(
        @Nullable Format format,
        @Nullable String preset,
        List<String> columns,
        boolean gzip,
        long rowsPerPart,
        long bytesPerPart) {

    public static final Output PLAIN = new Output(null, null, List.of(), false, 0, 0);

    public Output {
        columns = List.copyOf(columns);
    }

    /** Whether a preset is a file of its own rather than a shipped one. */
    public static boolean isPresetFile(String preset) {
        return preset.endsWith(".yaml") || preset.endsWith(".yml");
    }

    /** The same with a preset of another name. */
    Output withPreset(String other) {
        return new Output(format, other, columns, gzip, rowsPerPart, bytesPerPart);
    }

    /** What parts are. */
    public enum Format {
        CSV,
        NDJSON,
        PARQUET;

        public static final List<String> WORDS = List.of("csv", "ndjson", "parquet");

        /** Null if there is no such format. */
        public static @Nullable Format of(String word) {
            int place = WORDS.indexOf(word);
            return place < 0 ? null : values()[place];
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
