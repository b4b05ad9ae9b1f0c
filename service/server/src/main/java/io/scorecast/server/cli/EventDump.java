package io.scorecast.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.EventJson;
import io.scorecast.engine.profile.LoggedEvent;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.ProfileDecoder;
import io.scorecast.engine.profile.ProfileLog;
import io.scorecast.engine.profile.SourcePriority;
import io.scorecast.engine.profile.Truth;
import io.scorecast.server.store.ProfileStore;
import io.scorecast.server.store.StoredLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * Writes all events of a store as NDJSON, each with its arrival. A customer whom the store's scan lists twice stands there
 * twice, which is harmless: an event counts once by its id.
 */
final class EventDump {

    private static final String PROFILING = "profiling";
    private static final int PAGE = 500;
    private static final JsonFactory JSON = new JsonFactory();

    private final boolean everybody;
    private final boolean consentRequired;
    private final ProfileDecoder decoder = ProfileDecoder.create(SourcePriority.NONE);
    private long events;
    private long customers;
    private long leftOut;

    /**
     * @param everybody whether who objects to profiling is written too
     * @param consentRequired whether only who has permitted it is
     */
    EventDump(boolean everybody, boolean consentRequired) {
        this.everybody = everybody;
        this.consentRequired = consentRequired;
    }

    void write(ProfileStore store, OutputStream out) throws IOException {
        String cursor = null;
        do {
            ProfileStore.Page page = store.scan(cursor, PAGE);
            List<StoredLog> logs = store.read(page.customers());
            for (int i = 0; i < logs.size(); i++) {
                write(page.customers().get(i), logs.get(i).bytes(), out);
            }
            cursor = page.cursor();
        } while (cursor != null);
    }

    private void write(CustomerId customer, byte[] log, OutputStream out) throws IOException {
        if (!isPermitted(log)) {
            leftOut++;
            return;
        }
        long erasedAt = ProfileLog.erasedAt(log, 0, log.length);
        boolean any = false;
        for (LoggedEvent event : ProfileLog.events(customer, log, 0, log.length)) {
            if (event.event().time() > erasedAt) {
                out.write(line(event));
                events++;
                any = true;
            }
        }
        customers += any ? 1 : 0;
    }

    private boolean isPermitted(byte[] log) {
        if (everybody) {
            return true;
        }
        Profile profile = decoder.decode(log, 0, log.length);
        profile.asOf(System.currentTimeMillis(), false);
        Truth consent = profile.consent(PROFILING);
        return consentRequired ? consent == Truth.YES : consent != Truth.NO;
    }

    private static byte[] line(LoggedEvent event) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            EventJson.write(event.event(), json);
        }
        // The object's last brace makes room for when it arrived.
        byte[] whole = bytes.toByteArray();
        bytes.reset();
        bytes.write(whole, 0, whole.length - 1);
        String arrival = ",\"arrival\":\"" + Instant.ofEpochMilli(event.arrival()) + "\"}\n";
        bytes.writeBytes(arrival.getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    long events() {
        return events;
    }

    /** Of whom there is an event. */
    long customers() {
        return customers;
    }

    /** Who object to profiling, or have not permitted it where that is asked for. */
    long leftOut() {
        return leftOut;
    }
}
