package io.scorecast.server.serving;

import com.sun.management.OperatingSystemMXBean;
import io.scorecast.engine.model.Pace;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * Holds the proving of versions to a share of one core once requests are answered: after each slice of work it rests, in
 * proportion to what the slice took, longer while the rest of the process has much to do. Priorities of threads do nothing
 * on Linux. Times are those of processors, not of the clock, so what else runs on the machine does not make it slower than
 * it must be. Used by one thread.
 */
public final class ServingPace implements Pace {

    /** Rest for one part of work while requests keep the process busy: an eighth of a core is left to proving. */
    private static final int BUSY_REST = 7;

    private static final int IDLE_REST = 1;

    /** Busy is whose other threads use more of a core than this. */
    private static final double BUSY = 0.1;

    /** How often that is looked at; the system counts in steps of ten milliseconds. */
    private static final long LOOK_NANOS = Duration.ofMillis(200).toNanos();

    /** Shorter slices are added up: a sleep has a cost of its own. */
    private static final long LEAST_NANOS = 500_000;

    /** One slice that could not be cut must not make the whole take minutes. */
    private static final long MOST_NANOS = Duration.ofMillis(200).toNanos();

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private volatile boolean serving;

    /** What this thread had computed when its last rest ended. */
    private long begun;

    private int rest = BUSY_REST;
    private long lookedAt;
    private long processThen;
    private long ownThen;

    /** From now on there is somebody to yield to. */
    public void serving() {
        serving = true;
    }

    @Override
    public void pause() {
        if (!serving) {
            return;
        }
        long own = threads.getCurrentThreadCpuTime();
        long worked = own - begun;
        if (worked < LEAST_NANOS) {
            return;
        }
        look(own);
        try {
            Thread.sleep(Duration.ofNanos(Math.min(MOST_NANOS, rest * worked)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        begun = own;
    }

    /** Looks, from time to time, how much the other threads have computed since. */
    private void look(long own) {
        long now = System.nanoTime();
        long since = now - lookedAt;
        if (lookedAt != 0 && since < LOOK_NANOS) {
            return;
        }
        long process = system.getProcessCpuTime();
        if (lookedAt != 0) {
            long others = process - processThen - (own - ownThen);
            rest = others > BUSY * since ? BUSY_REST : IDLE_REST;
        }
        lookedAt = now;
        processThen = process;
        ownThen = own;
    }
}
