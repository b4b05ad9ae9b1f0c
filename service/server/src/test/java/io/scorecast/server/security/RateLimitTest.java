package io.scorecast.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimitTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void take_afterARest_givesWhatTwoSecondsBringAndThenTheRate() {
        RateLimit limit = new RateLimit(5, 0);
        long now = 60 * SECOND;
        for (int i = 0; i < 10; i++) {
            assertThat(limit.take(now)).as("of the bucket").isZero();
        }
        assertThat(limit.take(now)).isEqualTo(SECOND / 5);
        assertThat(limit.take(now + SECOND / 5)).isZero();
        assertThat(limit.take(now + SECOND / 5)).isPositive();
        int taken = 0;
        for (long time = now + SECOND; time < now + 11 * SECOND; time += SECOND / 100) {
            taken += limit.take(time) == 0 ? 1 : 0;
        }
        assertThat(taken).as("of ten seconds, and what had gathered before").isBetween(50, 55);
    }

    @Test
    void take_ofARateOfLessThanTheBucketHolds_givesOneAtOnce() {
        RateLimit limit = new RateLimit(1, 0);
        assertThat(limit.take(0)).isZero();
        assertThat(limit.take(0)).isZero();
        assertThat(limit.take(0)).isEqualTo(SECOND);
    }

    @Test
    void take_withoutALimit_isFree() {
        RateLimit limit = new RateLimit(0, 0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(limit.take(0)).isZero();
        }
    }
}
