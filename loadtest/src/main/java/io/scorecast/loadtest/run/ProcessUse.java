package io.scorecast.loadtest.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a process of this machine has used.
 *
 * @param cpuSeconds since it began; NaN if the system does not tell
 * @param residentBytes of memory now; -1 if the system does not tell
 */
record ProcessUse(double cpuSeconds, long residentBytes) {

    static final ProcessUse UNKNOWN = new ProcessUse(Double.NaN, -1);

    static ProcessUse of(ProcessHandle process) {
        double cpu = process.info().totalCpuDuration().map(ProcessUse::seconds).orElse(Double.NaN);
        return new ProcessUse(cpu, resident(process.pid()));
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    private static long resident(long pid) {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        try {
            if (Files.exists(status)) {
                for (String line : Files.readAllLines(status)) {
                    if (line.startsWith("VmRSS:")) {
                        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
                    }
                }
                return -1;
            }
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
            String kilobytes = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return kilobytes.isEmpty() ? -1 : 1024 * Long.parseLong(kilobytes);
        } catch (IOException | NumberFormatException e) {
            return -1; // The process is gone, or this system has no ps.
        }
    }

    /** CPU used between an earlier look and this one, and memory as it is at this one. */
    ProcessUse since(ProcessUse earlier) {
        return new ProcessUse(cpuSeconds - earlier.cpuSeconds, residentBytes);
    }
}
