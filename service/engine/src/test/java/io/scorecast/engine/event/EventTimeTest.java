package io.scorecast.engine.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {

    private static final long NOW = Instant.parse("2026-11-24T12:00:00Z").toEpochMilli();

    @Property(tries = 300)
    void parse_anyInstantInAnyOffset_isThatInstant(
            @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long millis,
            @ForAll @IntRange(min = -18 * 60, max = 18 * 60) int minutes) {
        OffsetDateTime time = Instant.ofEpochMilli(millis).atOffset(ZoneOffset.ofTotalSeconds(minutes * 60));
        String text = time.toLocalDateTime() + (time.getSecond() == 0 && time.getNano() == 0 ? ":00" : "");
        String offset =
                "%s%02d:%02d".formatted(minutes < 0 ? "-" : "+", Math.abs(minutes) / 60, Math.abs(minutes) % 60);
        assertThat(EventTime.parse(text + offset)).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T10:15:00Z, 1795169700000",
        "2026-11-20t10:15:00z, 1795169700000",
        "2026-11-20 10:15:00Z, 1795169700000",
        "2026-11-20T10:15:00.1239999Z, 1795169700123",
        "2026-11-20T10:14:60Z, 1795169700000",
        "2026-11-20T12:15:00+02:00, 1795169700000"
    })
    void parse_formsOfRfc3339_areRead(String text, long millis) {
        assertThat(EventTime.parse(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2",
                "2026",
                "2026-11",
                "2026-11-20",
                "2026-11-20T",
                "2026-11-20T10:15Z",
                "2026-11-20T10:15:00",
                "2026-11-20T10:15:00+0200",
                "2026-11-20T10:15:00+99:00",
                "2026-11-20T24:00:00Z",
                "2026-11-20T10:60:00Z",
                "2026-13-20T10:15:00Z",
                "2026-11-20T10:15:00Zx",
                "2026-11-20T10:15:00.Z",
                "20/11/2026 10:15",
                "soon",
                "２026-11-20T10:15:00Z",
                "2026-11-20T10:15:00.１Z"
            })
    void parse_anythingElse_isRefusedWithTheFormWanted(String text) {
        assertThatThrownBy(() -> EventTime.parse(text)).isInstanceOfSatisfying(InvalidEventException.class, e -> {
            assertThat(e.field()).isEqualTo("time");
            assertThat(e.detail()).contains("RFC 3339");
        });
    }

    @Test
    void accept_aLittleAhead_becomesTheArrival() {
        assertThat(EventTime.accept(NOW + EventTime.MAX_SKEW, NOW)).isEqualTo(NOW);
        assertThat(EventTime.accept(NOW + EventTime.MAX_SKEW + 1, NOW)).isEqualTo(NOW + EventTime.MAX_SKEW + 1);
        assertThat(EventTime.accept(NOW + EventTime.MAX_AHEAD, NOW)).isEqualTo(NOW + EventTime.MAX_AHEAD);
        assertThatThrownBy(() -> EventTime.accept(NOW + EventTime.MAX_AHEAD + 1, NOW))
                .hasMessageContaining("more than a day ahead");
        assertThat(EventTime.accept(EventTime.EARLIEST, NOW)).isEqualTo(EventTime.EARLIEST);
        assertThatThrownBy(() -> EventTime.accept(EventTime.EARLIEST - 1, NOW)).hasMessageContaining("before 1995");
        assertThatThrownBy(() -> EventTime.accept(Long.MIN_VALUE, NOW)).isInstanceOf(InvalidEventException.class);
        assertThatThrownBy(() -> EventTime.accept(Long.MAX_VALUE, NOW)).isInstanceOf(InvalidEventException.class);
    }
}
