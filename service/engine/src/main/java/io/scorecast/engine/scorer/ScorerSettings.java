package io.scorecast.engine.scorer;

import io.scorecast.engine.profile.SourcePriority;
import java.time.Duration;

/**
 * What, besides models and policy, decides an answer; part of the fingerprint.
 *
 * @param ageLimit how long an answer may be served even if nothing changes; longer than zero
 * @param sourcePriority whose attributes win
 * @param consentRequired whether only those are scored who have permitted it; else all who have not objected
 */
public record ScorerSettings(Duration ageLimit, SourcePriority sourcePriority, boolean consentRequired) {

    /** A quarter of an hour; no source before another. */
    public static final ScorerSettings DEFAULT = new ScorerSettings(Duration.ofMinutes(15), SourcePriority.NONE, false);

    public ScorerSettings {
        if (ageLimit.isNegative() || ageLimit.isZero()) {
            throw new IllegalArgumentException("the age limit must be longer than zero, not " + ageLimit);
        }
    }
}
