package io.scorecast.engine.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventType;
import java.io.ByteArrayOutputStream;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogDecoderTest {

    private static byte[] bytes(List<LoggedEvent> events) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ProfileLog.header(new LogHeader(42, 0)));
        events.forEach(e -> bytes.writeBytes(ProfileLog.event(e.event(), e.arrival())));
        return bytes.toByteArray();
    }

    /** Of an erased customer, what is older than the erasure is as if it had never been delivered again. */
    @Property(tries = 200)
    void decode_afterErasure_ignoresWhatIsOlder(@ForAll long seed) {
        RandomEvents random = new RandomEvents(seed);
        List<LoggedEvent> log = random.log(random.nextInt(60));
        long erasedAt = RandomEvents.START + random.nextInt(70) - 5;
        byte[] bytes = bytes(log);
        byte[] header = ProfileLog.header(new LogHeader(42, erasedAt));
        System.arraycopy(header, 0, bytes, 0, header.length);
        List<LoggedEvent> later =
                log.stream().filter(e -> e.event().time() > erasedAt).toList();
        Profile profile =
                ProfileDecoder.create(SourcePriority.of(RandomEvents.SOURCES)).decode(bytes, 0, bytes.length);
        assertRepeats(profile, later);
        for (int i = 0; i < 4; i++) {
            long instant = RandomEvents.START + random.nextInt(70) - 5;
            boolean asKnown = random.nextInt(2) == 0;
            profile.asOf(instant, asKnown);
            assertSame(profile, new SlowProfile(later, instant, asKnown, RandomEvents.SOURCES), later, instant);
        }
    }

    private static @Nullable String text(Profile profile, int symbol) {
        return symbol == Profile.NONE ? null : profile.text(symbol);
    }

    @Property(tries = 400)
    void decode_randomLogs_equalTheSlowReference(@ForAll long seed) {
        RandomEvents random = new RandomEvents(seed);
        ProfileDecoder decoder = ProfileDecoder.create(SourcePriority.of(RandomEvents.SOURCES));
        for (int round = 0; round < 4; round++) {
            List<LoggedEvent> log = random.log(random.nextInt(150));
            byte[] bytes = bytes(log);
            byte[] padded = new byte[bytes.length + 9];
            System.arraycopy(bytes, 0, padded, 5, bytes.length);
            Profile profile = decoder.decode(padded, 5, bytes.length);
            assertRepeats(profile, log);
            for (int i = 0; i < 4; i++) {
                long instant = RandomEvents.START + random.nextInt(70) - 5;
                boolean asKnown = random.nextInt(2) == 0;
                profile.asOf(instant, asKnown);
                assertSame(profile, new SlowProfile(log, instant, asKnown, RandomEvents.SOURCES), log, instant);
            }
        }
    }

    /** A repeat counts as a conflict if it says something else than the first; when it arrived does not matter. */
    private static void assertRepeats(Profile profile, List<LoggedEvent> log) {
        java.util.Map<String, Event> first = new java.util.HashMap<>();
        int repeats = 0;
        int conflicts = 0;
        for (LoggedEvent logged : log) {
            Event known = first.putIfAbsent(logged.event().id().value(), logged.event());
            repeats += known == null ? 0 : 1;
            conflicts += known == null || known.equals(logged.event()) ? 0 : 1;
        }
        assertThat(profile.duplicates()).isEqualTo(repeats);
        assertThat(profile.conflicts()).isEqualTo(conflicts);
    }

    static void assertSame(Profile profile, SlowProfile slow, List<LoggedEvent> log, long instant) {
        assertThat(profile.broken()).isFalse();
        assertThat(profile.skipped()).isZero();
        assertThat(profile.size()).isEqualTo(slow.visible.size());
        for (int i = 0; i < profile.size(); i++) {
            Event expected = slow.visible.get(i).event();
            assertThat(profile.time(i)).isEqualTo(expected.time());
            assertThat(profile.arrival(i)).isEqualTo(slow.visible.get(i).arrival());
            EventType known = expected.knownType();
            if (known == null) {
                assertThat(profile.text(-2 - profile.type(i))).isEqualTo(expected.type());
            } else {
                assertThat(profile.type(i)).isEqualTo(known.ordinal());
            }
            assertThat(text(profile, profile.product(i))).isEqualTo(expected.product());
            assertThat(text(profile, profile.category(i))).isEqualTo(expected.category());
            assertThat(text(profile, profile.order(i))).isEqualTo(expected.order());
            assertThat(text(profile, profile.session(i))).isEqualTo(expected.session());
            assertThat(text(profile, profile.source(i))).isEqualTo(expected.source());
            assertThat(profile.value(i)).isEqualTo(Double.valueOf(expected.value()));
            assertThat(profile.quantity(i)).isEqualTo(Double.valueOf(expected.quantity()));
            for (String path : RandomEvents.PATHS) {
                assertThat(profile.attributesOf(i).number(path))
                        .isEqualTo(Double.valueOf(SlowProfile.number(
                                expected.attributes().leaves().get(path))));
                assertThat(profile.attributesOf(i).text(path))
                        .isEqualTo(expected.attributes().text(path));
            }
        }
        for (String path : RandomEvents.PATHS) {
            assertThat(profile.attributes().number(path)).as(path).isEqualTo(Double.valueOf(slow.number(path)));
            assertThat(profile.attributes().text(path)).as(path).isEqualTo(slow.text(path));
            assertThat(profile.attributes().truth(path)).as(path).isEqualTo(slow.truth(path));
        }
        for (String permission : List.of("profiling", "email", "sms")) {
            assertThat(profile.consent(permission)).as(permission).isEqualTo(slow.consent(permission));
        }
        long next = log.stream()
                .mapToLong(e -> e.event().time())
                .filter(time -> time > instant)
                .min()
                .orElse(Long.MAX_VALUE);
        assertThat(profile.nextEventTime()).isLessThanOrEqualTo(next == Long.MAX_VALUE ? next : Long.MAX_VALUE);
        assertThat(profile.nextEventTime()).isGreaterThan(instant);
    }

    @Property(tries = 100)
    void decode_otherOrderOfDistinctEvents_givesTheSameProfile(@ForAll long seed) {
        RandomEvents random = new RandomEvents(seed);
        List<LoggedEvent> log = new java.util.ArrayList<>();
        java.util.Set<String> seen = new java.util.HashSet<>();
        for (LoggedEvent event : random.log(60)) {
            if (seen.add(event.event().id().value())) {
                log.add(event);
            }
        }
        List<LoggedEvent> shuffled = new java.util.ArrayList<>(log);
        Collections.shuffle(shuffled, new Random(seed));
        byte[] bytes = bytes(shuffled);
        Profile profile = ProfileDecoder.create(SourcePriority.NONE).decode(bytes, 0, bytes.length);
        long instant = RandomEvents.START + 30;
        profile.asOf(instant, false);

        assertSame(profile, new SlowProfile(log, instant, false, List.of()), log, instant);
    }

    @Property(tries = 2000)
    void decode_damagedBytes_neverThrows(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = bytes(new RandomEvents(seed).log(10));
        for (int i = 0; i <= random.nextInt(4); i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        int length = random.nextInt(bytes.length + 1);

        Profile profile = ProfileDecoder.create(SourcePriority.NONE).decode(bytes, 0, length);
        profile.asOf(RandomEvents.START + 40, random.nextBoolean());

        for (int i = 0; i < profile.size(); i++) {
            profile.attributesOf(i).number("a");
            text(profile, profile.product(i));
        }
        profile.attributes().text("a.b");
        profile.consent("profiling");
        ProfileLog.events(CustomerId.of("c"), bytes, 0, length);
    }

    @Test
    void decode_brokenEventInsideItsLength_isSkippedAlone() {
        List<LoggedEvent> log = new RandomEvents(1).log(3);
        byte[] good = ProfileLog.event(log.get(0).event(), log.get(0).arrival());
        byte[] bytes = {0x12, 2, 0x0a, 50};
        byte[] both = new byte[bytes.length + good.length];
        System.arraycopy(bytes, 0, both, 0, bytes.length);
        System.arraycopy(good, 0, both, bytes.length, good.length);

        Profile profile = ProfileDecoder.create(SourcePriority.NONE).decode(both, 0, both.length);
        profile.asOf(Long.MAX_VALUE, false);

        assertThat(profile.skipped()).isEqualTo(1);
        assertThat(profile.broken()).isFalse();
        assertThat(profile.size()).isEqualTo(1);
    }

    @Test
    void decode_brokenLength_flagsTheRest() {
        List<LoggedEvent> log = new RandomEvents(1).log(1);
        byte[] good = ProfileLog.event(log.get(0).event(), log.get(0).arrival());
        byte[] both = java.util.Arrays.copyOf(good, good.length + 2);
        both[good.length] = 0x12;
        both[good.length + 1] = 100;

        Profile profile = ProfileDecoder.create(SourcePriority.NONE).decode(both, 0, both.length);
        profile.asOf(Long.MAX_VALUE, false);

        assertThat(profile.broken()).isTrue();
        assertThat(profile.size()).isEqualTo(1);
    }

    @Test
    void events_ofALog_areThoseThatWereWritten() {
        List<LoggedEvent> log = new RandomEvents(3).log(100);
        byte[] bytes = bytes(log);

        assertThat(ProfileLog.events(CustomerId.of("c"), bytes, 0, bytes.length))
                .isEqualTo(log);
    }

    @Test
    void header_roundTrip_isOfFixedSize() {
        for (LogHeader header : List.of(new LogHeader(0, 0), new LogHeader(-1, Long.MAX_VALUE))) {
            byte[] bytes = ProfileLog.header(header);
            assertThat(bytes).hasSize(ProfileLog.HEADER_BYTES);
            assertThat(ProfileLog.headerOf(bytes, 0, bytes.length)).isEqualTo(header);
        }
        assertThat(ProfileLog.headerOf(new byte[40], 0, 40)).isNull();
        assertThat(ProfileLog.headerOf(new byte[3], 0, 3)).isNull();
    }

    @Test
    void wireTypes_areTheEventTypesByName() {
        for (EventType type : EventType.values()) {
            assertThat(io.scorecast.engine.profile.wire.Type.forNumber(type.ordinal() + 1)
                            .name())
                    .isEqualTo(type.name());
        }
    }
}
