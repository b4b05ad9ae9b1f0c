package io.scorecast.server.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.model.UseCount;
import io.scorecast.engine.problem.Problems;
import io.scorecast.engine.scorer.Scorer;
import io.scorecast.engine.scorer.ScorerLoader;
import io.scorecast.engine.scorer.ScorerMetrics;
import io.scorecast.engine.scorer.ScorerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers against swaps, as fast as both can. */
class LiveScorerTest {

    private static final int READERS = 8;
    private static final int SWAPS = 4_000;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final LiveScorer live = new LiveScorer();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong uses = new AtomicLong();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    /**
     * Each Scorer is the only owner of its use of a version, which a second close would release for another's: then a
     * reader's retain fails though its Scorer is open. A close too few leaves the version open at the end.
     */
    @Test
    void acquireAgainstSwap_neverUsesAClosedScorerAndClosesEachOnce() throws InterruptedException {
        int openBefore = UseCount.open();
        RepositoryCopy repository = new RepositoryCopy(folder.resolve("models"));
        repository.ship("propensity");
        repository.variant("propensity", 2, yaml -> yaml.replace("b: 0.0727196", "b: 0.2"));
        try (ScorerLoader loader = new ScorerLoader(ScorerSettings.DEFAULT, ScorerMetrics.NOOP)) {
            Scorer base = loader.load(repository.root()).scorer();
            assertThat(base).isNotNull();
            live.swap(base, List.of());
            List<Thread> readers = readers();
            long end = System.nanoTime() + LONGEST.toNanos();
            for (int swap = 0; swap < SWAPS; swap++) {
                Scorer next = variant(loader, repository, base, 1 + swap % 2);
                Scorer challenger = variant(loader, repository, base, 2 - swap % 2);
                Challenge split = new Challenge("propensity", 2 - swap % 2, Challenge.Mode.SPLIT, 0.5);
                live.swap(next, List.of(new LiveScorer.Beside(split, challenger, new Comparison())));
                live.keepOnly(List.of(next, challenger));
                assertThat(System.nanoTime()).as("swap " + swap).isLessThan(end);
            }
            over.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(failures).isEmpty();
            assertThat(uses.get()).isGreaterThan(SWAPS);
            live.close();
        }
        assertThat(UseCount.open()).isEqualTo(openBefore);
    }

    /** Another Scorer each time, of versions that are open. */
    private static Scorer variant(ScorerLoader loader, RepositoryCopy repository, Scorer base, int version) {
        Problems problems = new Problems();
        Scorer scorer = loader.variant(repository.root(), base, "propensity", version, problems);
        assertThat(scorer).as(problems.list().toString()).isNotNull();
        return scorer;
    }

    private List<Thread> readers() {
        List<Thread> readers = new ArrayList<>();
        for (int r = 0; r < READERS; r++) {
            int kind = r % 4;
            readers.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; !over.get() && failures.isEmpty(); i++) {
                    try {
                        read(kind, i);
                        uses.incrementAndGet();
                    } catch (RuntimeException | AssertionError e) {
                        failures.add(e);
                    }
                }
            }));
        }
        return readers;
    }

    private void read(int kind, int number) {
        switch (kind) {
            case 0 -> {
                try (ScorerHandle handle = live.acquire()) {
                    use(handle);
                }
            }
            case 1 -> {
                try (ScorerHandle handle = live.acquire("c-" + number)) {
                    use(handle);
                }
            }
            case 2 -> {
                try (HeldScorers held = live.hold();
                        ScorerHandle first = held.acquire("c-" + number);
                        ScorerHandle again = held.acquire("c-" + number)) {
                    assertThat(again).isSameAs(first);
                    use(first);
                }
            }
            default -> {
                try (OpenVersion open = live.acquire("propensity", 1 + number % 2)) {
                    if (open != null) {
                        open.version().retain();
                        open.version().release();
                    }
                }
            }
        }
    }

    /** Throws if one of its versions is closed. */
    private static void use(ScorerHandle handle) {
        handle.scorer().models().forEach(version -> {
            version.retain();
            version.release();
        });
    }
}
