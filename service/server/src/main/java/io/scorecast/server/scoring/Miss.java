package io.scorecast.server.scoring;

import io.scorecast.server.store.LogIdentity;
import io.scorecast.server.store.StoredLog;
import org.jspecify.annotations.Nullable;

/**
 * A request that no cache can answer.
 *
 * @param identity the log's, a moment ago
 * @param log read already, if it is short
 * @param replaces whether a prediction is kept that is of use no more
 */
record Miss(ScoreJob job, LogIdentity identity, @Nullable StoredLog log, boolean replaces) {

    long work() {
        return job.work(identity.length());
    }
}
