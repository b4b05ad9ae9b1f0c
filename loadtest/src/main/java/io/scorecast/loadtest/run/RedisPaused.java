package io.scorecast.loadtest.run;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Stops the service's Redis for three seconds, a third of the load's time after its begin: nothing answers, nothing is lost. */
final class RedisPaused implements Companion {

    private static final Duration PAUSE = Duration.ofSeconds(3);

    private final Duration before;
    private String told = "Redis was not stopped";

    RedisPaused(Duration time) {
        this.before = time.dividedBy(3);
    }

    @Override
    public void run(OwnService service) throws IOException, InterruptedException {
        TimeUnit.NANOSECONDS.sleep(before.toNanos());
        long redis = service.redis().pid();
        long start = System.nanoTime();
        signal("-STOP", redis);
        try {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        } finally {
            signal("-CONT", redis);
        }
        told = String.format(
                Locale.ROOT,
                "Redis stopped for %.1f s, from second %d on",
                (System.nanoTime() - start) / 1e9,
                before.toSeconds());
    }

    private static void signal(String signal, long process) throws IOException {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(process)).start();
        boolean interrupted = false;
        while (true) {
            try {
                if (kill.waitFor() != 0) {
                    throw new LoadTestFailure("kill " + signal + " " + process + " did not work");
                }
                break;
            } catch (InterruptedException e) {
                interrupted = true; // Redis must not stay stopped.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String told() {
        return told;
    }
}
