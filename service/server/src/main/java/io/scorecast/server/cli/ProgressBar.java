package io.scorecast.server.cli;

import java.io.PrintWriter;
import java.util.Locale;

/** A bar in the last line of a terminal; nothing where standard error is none. Drawn at most ten times a second. */
final class ProgressBar implements AutoCloseable {

    private static final int WIDTH = 32;
    private static final long REDRAW_NANOS = 100_000_000;

    /** The launcher says whether standard error is a terminal: Java 21 cannot tell. */
    private static final boolean IS_TERMINAL = Boolean.getBoolean("scorecast.terminal");

    private final PrintWriter err;
    private final String label;
    private long drawn;
    private boolean isShown;

    ProgressBar(PrintWriter err, String label) {
        this.err = err;
        this.label = label;
    }

    /** Shows how far the work is. */
    void at(long done, long total) {
        at(done, total, "");
    }

    /** Shows how far the work is, with a few words behind it. */
    void at(long done, long total, String detail) {
        if (!IS_TERMINAL || (isShown && System.nanoTime() - drawn < REDRAW_NANOS)) {
            return;
        }
        drawn = System.nanoTime();
        isShown = true;
        double share = total <= 0 ? 1 : Math.min(1, (double) done / total);
        int filled = (int) (WIDTH * share);
        err.printf(
                Locale.ROOT,
                "\r%s [%s%s] %3.0f %% %s\033[K",
                label,
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                100 * share,
                detail);
        err.flush();
    }

    /** Wipes the bar away. */
    @Override
    public void close() {
        if (isShown) {
            err.print("\r\033[K");
            err.flush();
        }
    }
}
