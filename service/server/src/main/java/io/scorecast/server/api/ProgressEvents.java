package io.scorecast.server.api;

import io.micronaut.http.sse.Event;
import io.scorecast.server.audience.AudienceJob;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** How a job stands, twice a second and once more when it has ended. A thread of its own for each who watches. */
record ProgressEvents(AudienceJob job) implements Publisher<Event<String>> {

    private static final Duration TICK = Duration.ofMillis(500);

    @Override
    public void subscribe(Subscriber<? super Event<String>> subscriber) {
        Watch watch = new Watch(subscriber);
        subscriber.onSubscribe(watch);
        Thread unused = Thread.ofVirtual().name("audience-progress").start(watch);
    }

    private final class Watch implements Subscription, Runnable {

        private final Subscriber<? super Event<String>> subscriber;
        private final Semaphore wanted = new Semaphore(0);
        private volatile boolean cancelled;

        Watch(Subscriber<? super Event<String>> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long count) {
            // A watcher never wants a billion events; the bound keeps the semaphore from overflowing.
            int most = 1 << 30;
            wanted.release((int) Math.min(count, Math.max(0, most - wanted.availablePermits())));
        }

        @Override
        public void cancel() {
            cancelled = true;
            wanted.release();
        }

        @Override
        public void run() {
            try {
                boolean live = true;
                while (live) {
                    wanted.acquire();
                    if (cancelled) {
                        return;
                    }
                    live = job.state().state().isLive();
                    subscriber.onNext(event());
                    if (live) {
                        Thread.sleep(TICK);
                    }
                }
                subscriber.onComplete();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                subscriber.onError(e);
            } catch (RuntimeException e) {
                subscriber.onError(e);
            }
        }

        private Event<String> event() {
            byte[] json = Json.bytes(out -> AudienceJson.write(job.state(), out));
            return Event.of(new String(json, StandardCharsets.UTF_8)).name("progress");
        }
    }
}
