package io.scorecast.server.audience;

import io.scorecast.engine.event.ArrivalRule;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.event.EventError;
import io.scorecast.engine.event.EventSink;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.server.ingest.file.EventFile;
import io.scorecast.server.ingest.file.EventFileException;
import io.scorecast.server.store.ProfileStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Brings the customers of a source into a spool; what is none goes to the rejects. */
final class Spooling {

    private static final int PAGE = 500;

    private final @Nullable ProfileStore store;
    private final BooleanSupplier stop;
    private final Rejects rejects;

    /** Takes what cannot be used. */
    @FunctionalInterface
    interface Rejects {
        void add(String customer, String reason, String source) throws IOException;
    }

    Spooling(@Nullable ProfileStore store, Rejects rejects, BooleanSupplier stop) {
        this.store = store;
        this.rejects = rejects;
        this.stop = stop;
    }

    /** Makes the spool; returns the number of customers. */
    long spool(Customers customers, Path target) throws IOException {
        try (SpoolBuilder builder = new SpoolBuilder(target, SpoolBuilder.standardBudget())) {
            switch (customers) {
                case Customers.All all -> scan(builder);
                case Customers.Segment segment -> scan(builder);
                case Customers.Ids ids -> read(ids.file(), builder);
                case Customers.Events events -> {
                    for (Path file : events.files()) {
                        group(file, builder);
                    }
                }
            }
            return builder.finish(stop);
        }
    }

    private void check() {
        if (stop.getAsBoolean()) {
            throw new StoppedException();
        }
    }

    private void scan(SpoolBuilder builder) throws IOException {
        if (store == null) {
            throw new AudienceException("customers", "there is no Redis to take all customers from");
        }
        String cursor = null;
        do {
            check();
            ProfileStore.Page page = store.scan(cursor, PAGE);
            for (CustomerId customer : page.customers()) {
                builder.add(customer.value());
            }
            cursor = page.cursor();
        } while (cursor != null);
    }

    private void read(Path file, SpoolBuilder builder) throws IOException {
        new IdFile(file).read(new IdFile.Sink() {
            private int count;

            @Override
            public void id(String id) throws IOException {
                builder.add(id);
                if ((++count & 0xff) == 0) {
                    check();
                }
            }

            @Override
            public void bad(String text, String place, String reason) throws IOException {
                rejects.add(text, reason, place);
            }
        });
    }

    private void group(Path path, SpoolBuilder builder) throws IOException {
        try {
            EventFile file = EventFile.open(path);
            file.read(ArrivalRule.OWN_OR_TIME, System.currentTimeMillis(), new EventSink() {
                private int count;

                @Override
                public void event(int index, Event event, long arrival) {
                    try {
                        builder.add(event.customer().value(), ProfileLog.event(event, arrival));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    if ((++count & 0xff) == 0) {
                        check();
                    }
                }

                @Override
                public void error(EventError error) {
                    try {
                        rejects.add("", error.field() + ": " + error.detail(), file.place(error.index()));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            });
        } catch (EventFileException e) {
            throw new AudienceException("events", String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
