package io.scorecast.server.cli;

import io.scorecast.server.ingest.AttributeRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of customers, and for how long.
 *
 * @param attributes which of them may be stored
 * @param retention how long a profile stays after its newest event; null for ever
 */
record PrivacySettings(AttributeRule attributes, @Nullable Duration retention) {

    static final PrivacySettings DEFAULT = new PrivacySettings(AttributeRule.ALL, null);
}
