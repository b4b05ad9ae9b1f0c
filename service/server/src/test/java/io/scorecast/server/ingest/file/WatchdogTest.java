package io.scorecast.server.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchdogTest {

    @Test
    void readerThatComesNoFurther_isInterruptedAndGoesOnAfterwards() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        try (Watchdog watchdog = new Watchdog(Duration.ofMillis(50))) {
            assertThatThrownBy(() -> never.await(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            assertThat(watchdog.hasBitten()).isTrue();
        }
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void readerThatComesFurther_isLeftAlone() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        try (Watchdog watchdog = new Watchdog(Duration.ofSeconds(30))) {
            for (int i = 0; i < 20; i++) {
                watchdog.step();
                assertThat(never.await(5, TimeUnit.MILLISECONDS)).isFalse();
            }
            assertThat(watchdog.hasBitten()).isFalse();
        }
    }
}
