package io.scorecast.server.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.event.CustomerId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WaitingRoomTest {

    private final WaitingRoom room = new WaitingRoom(5, 1);
    private final List<ScoreJob> taken = new ArrayList<>();

    @Test
    void take_waitingSingleRequests_passThoseOfBatches() throws InterruptedException {
        room.offer(job("b-1", true));
        room.offer(job("s-1", false));
        room.offer(job("b-2", true));
        room.offer(job("s-2", false));
        assertThat(take(64)).containsExactly("s-1", "s-2");
        assertThat(take(64)).containsExactly("b-1", "b-2");
    }

    @Test
    void take_moreThanABatch_leavesTheRest() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            room.offer(job("s-" + i, false));
        }
        assertThat(take(3)).containsExactly("s-0", "s-1", "s-2");
        assertThat(room.size()).isEqualTo(2);
        assertThat(take(3)).containsExactly("s-3", "s-4");
    }

    @Test
    void offer_whenFull_isRefusedForItsKindAlone() {
        for (int i = 0; i < 5; i++) {
            assertThat(room.offer(job("b-" + i, true))).isTrue();
        }
        assertThat(room.offer(job("b-5", true))).isFalse();
        assertThat(room.offer(job("s-0", false))).isTrue();
    }

    /** One thread may work on batches: a second waits, and gets the single request that comes meanwhile. */
    @Test
    void take_whileThreadsAreBusyWithBatches_leavesOneForSingleRequests() throws InterruptedException {
        room.offer(job("b-1", true));
        assertThat(take(1)).containsExactly("b-1");
        List<ScoreJob> first = List.copyOf(taken);
        room.offer(job("b-2", true));
        CompletableFuture<List<String>> second = CompletableFuture.supplyAsync(() -> {
            List<ScoreJob> into = new ArrayList<>();
            try {
                room.take(into, 64);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return names(into);
        });
        room.offer(job("s-1", false));
        assertThat(second.join()).containsExactly("s-1");
        room.done(first);
        assertThat(take(64)).containsExactly("b-2");
    }

    @Test
    void close_handsOutWhatWaitsAndTakesNoMore() throws InterruptedException {
        room.offer(job("s-1", false));
        room.offer(job("b-1", true));
        room.close();
        assertThat(room.offer(job("s-2", false))).isFalse();
        assertThat(take(64)).containsExactly("s-1");
        assertThat(take(64)).containsExactly("b-1");
        assertThat(room.take(new ArrayList<>(), 64)).isFalse();
    }

    private List<String> take(int most) throws InterruptedException {
        taken.clear();
        assertThat(room.take(taken, most)).isTrue();
        return names(taken);
    }

    private static List<String> names(List<ScoreJob> jobs) {
        return jobs.stream().map(job -> job.request().customer().value()).toList();
    }

    private static ScoreJob job(String customer, boolean bulk) {
        return new ScoreJob(
                ScoreRequest.plain(CustomerId.of(customer)),
                bulk,
                null,
                Long.MAX_VALUE,
                0,
                0,
                new CompletableFuture<>());
    }
}
