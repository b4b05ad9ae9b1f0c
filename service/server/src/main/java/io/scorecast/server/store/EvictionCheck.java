package io.scorecast.server.store;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a Redis may throw logs away to make room. It must not: profiles are kept nowhere else.
 *
 * @param policy {@code maxmemory-policy}
 * @param maxMemory bytes; 0 without a limit
 */
record EvictionCheck(String policy, long maxMemory) {

    /** Reads what {@code INFO memory} says; what it does not say is taken to be harmless. */
    static EvictionCheck of(String info) {
        String policy = "noeviction";
        long memory = 0;
        for (String line : info.split("\\R", -1)) {
            if (line.startsWith("maxmemory_policy:")) {
                policy = line.substring(line.indexOf(':') + 1).strip().toLowerCase(Locale.ROOT);
            } else if (line.startsWith("maxmemory:")) {
                memory = Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return new EvictionCheck(policy, memory);
    }

    private boolean evictsLogs() {
        return policy.startsWith("allkeys");
    }

    /** Why profiles would be lost; null if none would. */
    @Nullable
    String danger() {
        return evictsLogs() && maxMemory > 0
                ? "Redis has maxmemory-policy " + policy + " and will throw customers' profiles away when it is full;"
                        + " set it to noeviction (predictions may live in another Redis)"
                : null;
    }

    /** What ought to be changed although nothing is lost yet; null if nothing ought to. */
    @Nullable
    String advice() {
        return evictsLogs() && maxMemory == 0
                ? "Redis has maxmemory-policy " + policy + ": harmless as long as it has no maxmemory,"
                        + " but profiles need noeviction"
                : null;
    }
}
