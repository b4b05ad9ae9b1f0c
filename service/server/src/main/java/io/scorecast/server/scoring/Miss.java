package io.scorecast.server.scoring;

import io.scorecast.server.store.LogIdentity;

/**
 * A request that no cache can answer.
 *
 * @param identity the log's, a moment ago
 */
record Miss(ScoreJob job, LogIdentity identity) {

    long work() {
        return job.work(identity.length());
    }
}
