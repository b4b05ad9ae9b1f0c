package io.scorecast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Feeds a reader real inputs in which something has been changed at random, the same for the same seed. A reader takes an
 * input or refuses it as it says it does; whatever else it throws, and time or memory beyond a bound, fails the test with the
 * input to repeat it by. A build tries a few; {@code -Dscorecast.fuzz.inputs=100000} makes it so many for each reader.
 */
public final class Fuzzer {

    private static final int INPUTS = Integer.getInteger("scorecast.fuzz.inputs", 500);
    private static final long SEED = Long.getLong("scorecast.fuzz.seed", 20_261_125L);

    /** By all readers of this process. */
    private static final AtomicLong FED = new AtomicLong();

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int MAX_INPUT = 1 << 18;
    private static final int MAX_CHANGES = 5;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What numbers overflow at, in the text and in the bytes of an input. */
    private static final List<String> NUMBERS = List.of(
            "-1",
            "0",
            "-0",
            "1e999",
            "-1e999",
            "1e-999",
            "NaN",
            "Infinity",
            "127",
            "128",
            "65536",
            "2147483647",
            "2147483648",
            "-2147483649",
            "9223372036854775807",
            "9223372036854775808",
            "18446744073709551616",
            "0.1e1",
            "1" + "0".repeat(300),
            "1" + "0".repeat(5_000));

    private static final long[] WORDS = {
        0,
        1,
        -1,
        127,
        128,
        255,
        Short.MAX_VALUE,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        1L << 32
    };

    private static final List<String> TEXTS = List.of(
            "[",
            "]",
            "{",
            "}",
            "\"",
            "\\",
            ",",
            ":",
            "\n",
            "\r",
            "\0",
            "\t",
            " ",
            "#",
            "null",
            "true",
            "\\ud800",
            "\\u0000",
            "/",
            "%",
            "%00",
            "%ff",
            "..",
            "&a",
            "*a",
            "!!java.net.URL",
            "---\n",
            "\ufeff",
            "é",
            "\u202e",
            "\ud83d\ude00");

    /** Bytes that are no UTF-8: a lone continuation, an overlong slash, half a surrogate pair, a cut sequence. */
    private static final byte[][] NO_TEXT = {
        {(byte) 0x80},
        {(byte) 0xc0, (byte) 0xaf},
        {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
        {(byte) 0xf0, (byte) 0x9f},
        {-1}
    };

    private final List<byte[]> corpus;
    private final List<String> own;
    private long allowedBytes = 64L << 20;
    private int share = 1;

    /**
     * Sets up one.
     *
     * @param corpus good inputs
     * @param own words that mean something in this format
     */
    public Fuzzer(List<byte[]> corpus, String... own) {
        assertThat(corpus).isNotEmpty();
        this.corpus = List.copyOf(corpus);
        this.own = List.of(own);
    }

    public static Fuzzer ofTexts(List<String> corpus, String... own) {
        return new Fuzzer(
                corpus.stream()
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                own);
    }

    /** For a reader that takes long: only one input for every so many of others. */
    public Fuzzer oneIn(int many) {
        share = many;
        return this;
    }

    /** What may be allocated for an input, beside a hundred times its length. */
    public Fuzzer allowing(long bytes) {
        allowedBytes = bytes;
        return this;
    }

    /** Takes an input, or refuses it as it should; throws only what is a fault. */
    @FunctionalInterface
    public interface Reader {
        void read(byte[] input) throws Exception;
    }

    /** Feeds the good inputs, and then changed ones. */
    public void feed(Reader reader) {
        for (byte[] good : corpus) {
            feed(reader, good);
        }
        SplittableRandom random = new SplittableRandom(SEED);
        int changed = Math.max(1, INPUTS / share);
        for (int i = 0; i < changed; i++) {
            feed(reader, changed(random));
        }
        System.out.printf(Locale.ROOT, "%,d inputs fuzzed so far%n", FED.addAndGet(changed + (long) corpus.size()));
    }

    private void feed(Reader reader, byte[] input) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        try {
            reader.read(input.clone());
        } catch (Throwable e) {
            throw new AssertionError(describe(input), e);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as(() -> describe(input))
                .isLessThan(LONGEST);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - allocated)
                .as(() -> describe(input))
                .isLessThan(allowedBytes + 100L * input.length);
    }

    private static String describe(byte[] input) {
        String text = new String(input, 0, Math.min(input.length, 2_000), StandardCharsets.UTF_8);
        return "input of " + input.length + " bytes: " + text + "\nin base64: "
                + Base64.getEncoder().encodeToString(input);
    }

    private byte[] changed(SplittableRandom random) {
        byte[] input = corpus.get(random.nextInt(corpus.size()));
        for (int n = random.nextInt(1, MAX_CHANGES + 1); n > 0; n--) {
            input = change(input, random);
        }
        return input.length > MAX_INPUT ? Arrays.copyOf(input, MAX_INPUT) : input;
    }

    private byte[] change(byte[] input, SplittableRandom random) {
        int at = random.nextInt(input.length + 1);
        int to = Math.min(input.length, at + 1 + random.nextInt(1 << random.nextInt(1, 10)));
        return switch (random.nextInt(12)) {
            case 0 -> splice(input, at, at, new byte[] {(byte) random.nextInt(256)});
            case 1 -> splice(input, at, Math.min(input.length, at + 1), new byte[] {(byte) random.nextInt(256)});
            case 2 -> splice(input, at, to, new byte[0]);
            case 3 -> Arrays.copyOf(input, at);
            case 4 -> splice(input, at, at, Arrays.copyOfRange(input, at, to));
            case 5 -> splice(input, at, at, repeated(Arrays.copyOfRange(input, at, to), 1 << random.nextInt(12)));
            case 6 -> splice(input, at, to, piece(random));
            case 7 -> splice(input, at, at, text(random).getBytes(StandardCharsets.UTF_8));
            case 8 -> splice(input, at, at, repeated(nesting(random), 1 << random.nextInt(14)));
            case 9 -> number(input, random);
            case 10 -> splice(input, at, Math.min(input.length, at + 8), word(random));
            default -> splice(input, at, at, NO_TEXT[random.nextInt(NO_TEXT.length)]);
        };
    }

    private static byte[] splice(byte[] input, int from, int to, byte[] with) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + with.length);
        out.write(input, 0, from);
        out.writeBytes(with);
        out.write(input, to, input.length - to);
        return out.toByteArray();
    }

    private static byte[] repeated(byte[] piece, int times) {
        int most = Math.max(1, MAX_INPUT / 2 / Math.max(1, piece.length));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < Math.min(times, most); i++) {
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }

    /** A piece of another good input. */
    private byte[] piece(SplittableRandom random) {
        byte[] other = corpus.get(random.nextInt(corpus.size()));
        int at = random.nextInt(other.length + 1);
        return Arrays.copyOfRange(other, at, Math.min(other.length, at + random.nextInt(1, 200)));
    }

    private String text(SplittableRandom random) {
        int which = random.nextInt(TEXTS.size() + NUMBERS.size() + 4 * own.size());
        if (which < TEXTS.size()) {
            return TEXTS.get(which);
        }
        which -= TEXTS.size();
        return which < NUMBERS.size() ? NUMBERS.get(which) : own.get((which - NUMBERS.size()) % own.size());
    }

    private static byte[] nesting(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> "[".getBytes(StandardCharsets.UTF_8);
            case 1 -> "{\"a\":".getBytes(StandardCharsets.UTF_8);
            case 2 -> "(".getBytes(StandardCharsets.UTF_8);
            case 3 -> "- ".getBytes(StandardCharsets.UTF_8);
            default -> "!".getBytes(StandardCharsets.UTF_8);
        };
    }

    /** Puts another number where digits stand. */
    private static byte[] number(byte[] input, SplittableRandom random) {
        int at = random.nextInt(input.length + 1);
        while (at < input.length && !isDigit(input[at])) {
            at++;
        }
        int to = at;
        while (to < input.length && isDigit(input[to])) {
            to++;
        }
        String number = NUMBERS.get(random.nextInt(NUMBERS.size()));
        return splice(input, at, to, number.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static byte[] word(SplittableRandom random) {
        long word = WORDS[random.nextInt(WORDS.length)] + random.nextInt(-1, 2);
        int length = 1 << random.nextInt(4);
        boolean big = random.nextBoolean();
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[big ? length - 1 - i : i] = (byte) (word >>> (8 * i));
        }
        return bytes;
    }
}
