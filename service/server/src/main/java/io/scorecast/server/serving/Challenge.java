package io.scorecast.server.serving;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A version that stands beside the live one of its model.
 *
 * @param share of the customers, above 0 and at most 1
 */
public record Challenge(String model, int version, Mode mode, double share) {

    private static final double BUCKETS = 1L << 32;

    /** What a challenger is asked for. */
    public enum Mode {
        /** Scored off the request's path, to be compared with the champion. */
        SHADOW,
        /** Answers its share of the customers. */
        SPLIT;

        /** Null if there is no such mode. */
        public static @Nullable Mode of(String text) {
            for (Mode mode : values()) {
                if (mode.word().equals(text)) {
                    return mode;
                }
            }
            return null;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Whether a customer is among the share: by a hash of the customer and of what is compared, so that the same ones are
     * on every instance and at every time, and others in another comparison.
     */
    boolean takes(String customer) {
        int hash = Hashing.murmur3_32_fixed()
                .hashString(model + "/" + version + ":" + customer, StandardCharsets.UTF_8)
                .asInt();
        return Integer.toUnsignedLong(hash) / BUCKETS < share;
    }

    /** As it is kept in Redis. */
    String text() {
        return version + " " + mode.word() + " " + share;
    }

    /** What {@link #text} wrote; null if it is something else. */
    static @Nullable Challenge parse(String model, String text) {
        String[] parts = text.split(" ", -1);
        try {
            Mode mode = parts.length == 3 ? Mode.of(parts[1]) : null;
            return mode == null
                    ? null
                    : new Challenge(model, Integer.parseInt(parts[0]), mode, Double.parseDouble(parts[2]));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
