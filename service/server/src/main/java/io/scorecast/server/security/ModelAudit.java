package io.scorecast.server.security;

import io.scorecast.engine.scorer.VersionStatus;
import io.scorecast.server.serving.ServingListener;
import io.scorecast.server.serving.ServingReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts on record which versions an instance begins to serve, and which it refuses and why. */
public final class ModelAudit implements ServingListener {

    private static final String WHO = "service";
    private static final int SHOWN = 16;

    private final AuditLog audit;
    private List<VersionStatus> before = List.of();

    public ModelAudit(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void published(ServingReport report) {
        List<VersionStatus> now = report.versions();
        if (now.equals(before)) {
            return;
        }
        Map<String, VersionStatus.State> old = new HashMap<>();
        before.forEach(status -> old.put(name(status), status.state()));
        before = now;
        for (VersionStatus status : now) {
            if (status.state() == old.get(name(status))) {
                continue;
            }
            switch (status.state()) {
                case LIVE ->
                    audit.record(
                            WHO,
                            status.model().equals("policy") ? "policy.live" : "model.live",
                            name(status),
                            "done",
                            checksum(status));
                case REJECTED -> audit.record(WHO, "model.refused", name(status), "refused", reason(status));
                case STANDBY, CHALLENGER, WAITING -> {}
            }
        }
    }

    private static String name(VersionStatus status) {
        return status.model() + "/" + status.version();
    }

    private static String checksum(VersionStatus status) {
        String checksum = status.checksum();
        return checksum.isEmpty() ? "" : "checksum " + checksum.substring(0, Math.min(SHOWN, checksum.length()));
    }

    private static String reason(VersionStatus status) {
        int count = status.problems().size();
        String first = count == 0 ? "" : status.problems().getFirst().message();
        return count > 1 ? first + " (and " + (count - 1) + " more)" : first;
    }
}
