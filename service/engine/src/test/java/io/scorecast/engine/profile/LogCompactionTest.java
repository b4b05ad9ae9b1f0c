package io.scorecast.engine.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.scorecast.engine.event.AttributeValue;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventAttributes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LogCompactionTest {

    private static final LogHeader NEW = new LogHeader(77, 0);
    private static final CustomerId CUSTOMER = CustomerId.of("c");

    private static byte[] bytes(List<LoggedEvent> events) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ProfileLog.header(new LogHeader(42, 0)));
        events.forEach(e -> bytes.writeBytes(ProfileLog.event(e.event(), e.arrival())));
        return bytes.toByteArray();
    }

    private static LogCompaction.Compacted compacted(byte[] log, LogLimits limits) {
        return (LogCompaction.Compacted) new LogCompaction().compact(log, 0, log.length, NEW, limits);
    }

    private static Event event(String id, String type, long time, EventAttributes attributes) {
        return Event.builder()
                .id(id)
                .customer(CUSTOMER.value())
                .type(type)
                .time(RandomEvents.START + time)
                .attributes(attributes)
                .build(Long.MAX_VALUE);
    }

    private static List<String> ids(byte[] log) {
        return ProfileLog.events(CUSTOMER, log, 0, log.length).stream()
                .map(e -> e.event().id().value())
                .toList();
    }

    @Property(tries = 300)
    void compact_randomLogs_meanTheSameWithEachIdOnce(@ForAll long seed) {
        RandomEvents random = new RandomEvents(seed);
        List<LoggedEvent> log = random.log(random.nextInt(150));
        byte[] before = bytes(log);
        byte[] after = compacted(before, LogLimits.DEFAULT).log();
        Map<String, LoggedEvent> first = new LinkedHashMap<>();
        log.forEach(e -> first.putIfAbsent(e.event().id().value(), e));

        assertThat(ProfileLog.events(CUSTOMER, after, 0, after.length)).containsExactlyElementsOf(first.values());
        assertThat(ProfileLog.headerOf(after, 0, after.length)).isEqualTo(NEW);
        for (int i = 0; i < 5; i++) {
            long instant = RandomEvents.START + random.nextInt(70) - 5;
            boolean asKnown = random.nextInt(2) == 0;
            Profile profile = ProfileDecoder.create(SourcePriority.of(RandomEvents.SOURCES))
                    .decode(after, 0, after.length);
            profile.asOf(instant, asKnown);
            LogDecoderTest.assertSame(
                    profile, new SlowProfile(log, instant, asKnown, RandomEvents.SOURCES), log, instant);
            assertThat(profile.duplicates()).isZero();
        }
    }

    @Property(tries = 200)
    void compact_afterErasure_dropsWhatIsOlder(@ForAll long seed) {
        RandomEvents random = new RandomEvents(seed);
        List<LoggedEvent> log = random.log(random.nextInt(60));
        long erasedAt = RandomEvents.START + random.nextInt(70) - 5;
        byte[] before = bytes(log);
        byte[] header = ProfileLog.header(new LogHeader(42, erasedAt));
        System.arraycopy(header, 0, before, 0, header.length);
        byte[] after = compacted(before, LogLimits.DEFAULT).log();
        Map<String, LoggedEvent> first = new LinkedHashMap<>();
        log.stream()
                .filter(e -> e.event().time() > erasedAt)
                .forEach(e -> first.putIfAbsent(e.event().id().value(), e));
        assertThat(ProfileLog.events(CUSTOMER, after, 0, after.length)).containsExactlyElementsOf(first.values());
    }

    @Property(tries = 100)
    void compact_betweenAppends_isAsIfItHadNotBeen(@ForAll long seed) {
        RandomEvents random = new RandomEvents(seed);
        List<LoggedEvent> all = random.log(120);
        Random cuts = new Random(seed);
        byte[] rewritten = bytes(List.of());
        for (int from = 0; from < all.size(); ) {
            int to = Math.min(all.size(), from + 1 + cuts.nextInt(30));
            for (LoggedEvent e : all.subList(from, to)) {
                byte[] more = ProfileLog.event(e.event(), e.arrival());
                rewritten = Arrays.copyOf(rewritten, rewritten.length + more.length);
                System.arraycopy(more, 0, rewritten, rewritten.length - more.length, more.length);
            }
            from = to;
            rewritten = compacted(rewritten, LogLimits.DEFAULT).log();
        }
        byte[] atOnce = compacted(bytes(all), LogLimits.DEFAULT).log();

        assertThat(rewritten).isEqualTo(atOnce);
    }

    @Property(tries = 1000)
    void compact_damagedBytes_isRefusedOrKeepsWhatCanBeRead(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] log = bytes(new RandomEvents(seed).log(12));
        for (int i = 0; i <= random.nextInt(3); i++) {
            log[ProfileLog.HEADER_BYTES + random.nextInt(log.length - ProfileLog.HEADER_BYTES)] =
                    (byte) random.nextInt(256);
        }
        Profile before = ProfileDecoder.create(SourcePriority.NONE).decode(log, 0, log.length);
        before.asOf(Long.MAX_VALUE, false);

        switch (new LogCompaction().compact(log, 0, log.length, NEW, LogLimits.DEFAULT)) {
            case LogCompaction.Unreadable unreadable ->
                assertThat(before.broken()).isTrue();
            case LogCompaction.Compacted done -> {
                assertThat(before.broken()).isFalse();
                Profile after = ProfileDecoder.create(SourcePriority.NONE).decode(done.log(), 0, done.log().length);
                after.asOf(Long.MAX_VALUE, false);
                assertThat(after.size()).isEqualTo(before.size());
                assertThat(after.skipped()).isEqualTo(before.skipped());
            }
        }
    }

    @Test
    void compact_fieldsOfALaterVersion_survive() throws Exception {
        io.scorecast.engine.profile.wire.Event wire = io.scorecast.engine.profile.wire.Event.newBuilder()
                .setId("e-1")
                .setTypeValue(1)
                .setTime(5)
                .setUnknownFields(unknown(99))
                .build();
        byte[] log = concat(
                ProfileLog.header(new LogHeader(1, 2)),
                io.scorecast.engine.profile.wire.Profile.newBuilder()
                        .addEvent(wire)
                        .addEvent(wire.toBuilder().setId("e-2").setTypeValue(500))
                        .addEvent(wire)
                        .setUnknownFields(unknown(88))
                        .build()
                        .toByteArray());

        LogCompaction.Compacted done = compacted(log, LogLimits.DEFAULT);
        io.scorecast.engine.profile.wire.Profile read = io.scorecast.engine.profile.wire.Profile.parseFrom(done.log());

        assertThat(read.getEventList()).hasSize(2);
        assertThat(read.getEvent(0).getUnknownFields()).isEqualTo(unknown(99));
        assertThat(read.getEvent(1).getTypeValue()).isEqualTo(500);
        assertThat(read.getUnknownFields()).isEqualTo(unknown(88));
        assertThat(done.skipped()).isEqualTo(1);
        assertThat(done.duplicates()).isEqualTo(1);
    }

    @Test
    void compact_brokenLength_isRefused() {
        byte[] good = bytes(new RandomEvents(1).log(3));

        assertThat(new LogCompaction()
                        .compact(concat(good, new byte[] {0x12, 100}), 0, good.length + 2, NEW, LogLimits.DEFAULT))
                .isEqualTo(new LogCompaction.Unreadable());
    }

    @Test
    void compact_overItsLimit_losesTheOldestAndKeepsKnowledge() {
        List<LoggedEvent> log = new ArrayList<>();
        log.add(new LoggedEvent(
                event("no", "consent", 1, EventAttributes.of(Map.of("profiling", new AttributeValue.Flag(false)))), 1));
        log.add(new LoggedEvent(
                event("tier", "attributes", 2, EventAttributes.of(Map.of("tier", new AttributeValue.Text("gold")))),
                2));
        for (int i = 0; i < 40; i++) {
            // Neither in the order of time nor of arrival.
            long time = 10 + i * 17 % 40;
            log.add(new LoggedEvent(event("v-" + time, "view", time, EventAttributes.NONE), 100 + i));
        }
        byte[] bytes = bytes(log);
        LogCompaction.Compacted done = compacted(bytes, new LogLimits(32, 1 << 20));

        assertThat(done.events()).isEqualTo(30);
        assertThat(done.dropped()).isEqualTo(12);
        List<String> expected = new ArrayList<>(List.of("no", "tier"));
        log.stream()
                .filter(e -> e.event().time() >= RandomEvents.START + 22)
                .forEach(e -> expected.add(e.event().id().value()));
        assertThat(ids(done.log())).isEqualTo(expected);
        assertThat(CarryOver.of(done.log(), 0, done.log().length).droppedEvents())
                .isEqualTo(12);
        Profile profile = ProfileDecoder.create(SourcePriority.NONE).decode(done.log(), 0, done.log().length);
        profile.asOf(RandomEvents.START + 1_000, false);
        assertThat(profile.consent("profiling")).isEqualTo(Truth.NO);

        LogCompaction.Compacted again = compacted(done.log(), new LogLimits(20, 1 << 20));
        assertThat(CarryOver.of(again.log(), 0, again.log().length).droppedEvents())
                .isEqualTo(12 + 30 - 19);
    }

    @Property(tries = 50)
    void find_longLogs_keepsTheEndAndTheConsents(@ForAll long seed) {
        Random random = new Random(seed);
        List<LoggedEvent> log = new ArrayList<>();
        int size = 3_000 + random.nextInt(3_000);
        for (int i = 0; i < size; i++) {
            boolean consent = random.nextInt(500) == 0;
            EventAttributes attributes = consent
                    ? EventAttributes.of(Map.of("email", new AttributeValue.Flag(true)))
                    : EventAttributes.of(Map.of(
                            "t", new AttributeValue.Text("x".repeat(random.nextInt(1 << random.nextInt(12))))));
            log.add(new LoggedEvent(event("e-" + i, consent ? "consent" : "view", 5 + i, attributes), 5 + i));
        }
        byte[] bytes = bytes(log);
        int keep = 100_000;
        int[] most = {0};
        LogTail tail = LogTail.find(
                (from, count) -> {
                    most[0] = Math.max(most[0], count);
                    return Arrays.copyOfRange(bytes, (int) from, (int) Math.min(bytes.length, from + count));
                },
                bytes.length,
                keep);

        assertThat(tail).isNotNull();
        List<String> left = ids(tail.log());
        int firstOfEnd = size;
        Set<String> present = new HashSet<>(left);
        while (present.contains("e-" + (firstOfEnd - 1))) {
            firstOfEnd--;
        }
        int start = firstOfEnd;
        assertThat(left)
                .containsExactlyElementsOf(log.stream()
                        .filter(e -> e.event().type().equals("consent")
                                || e.event().time() - 5 >= RandomEvents.START + start)
                        .map(e -> e.event().id().value())
                        .toList());
        assertThat(tail.dropped()).isEqualTo(size - left.size());
        assertThat(tail.log().length).isLessThan(keep + 20_000);
        assertThat(CarryOver.of(tail.log(), 0, tail.log().length)).isEqualTo(CarryOver.NONE);
        LogCompaction.Compacted done = compacted(tail.log(), LogLimits.DEFAULT);
        assertThat(CarryOver.of(done.log(), 0, done.log().length).droppedEvents())
                .isEqualTo(tail.dropped());
        assertThat(most[0]).isLessThanOrEqualTo(1 << 20);
    }

    @Test
    void find_brokenLength_isNull() {
        byte[] bytes = concat(bytes(new RandomEvents(1).log(50)), new byte[] {0x12, -1, -1, 3}, new byte[2_000]);

        assertThat(LogTail.find(
                        (from, count) ->
                                Arrays.copyOfRange(bytes, (int) from, (int) Math.min(bytes.length, from + count)),
                        bytes.length,
                        1_000))
                .isNull();
    }

    @Test
    void hasDoubled_afterCompaction_onlyAtTwiceTheLength() {
        byte[] done =
                compacted(bytes(new RandomEvents(4).log(50)), LogLimits.DEFAULT).log();
        byte[] head = Arrays.copyOf(done, CarryOver.HEAD_BYTES);
        CarryOver carryOver = CarryOver.of(head, 0, head.length);

        assertThat(carryOver.compactedEvents()).isEqualTo(ids(done).size());
        assertThat(carryOver.hasDoubled(done.length)).isFalse();
        assertThat(carryOver.hasDoubled(2L * done.length)).isTrue();
        assertThat(CarryOver.NONE.hasDoubled(2 * ProfileLog.HEADER_BYTES)).isTrue();
    }

    private static UnknownFieldSet unknown(int field) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        field,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("later"))
                                .build())
                .build();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
