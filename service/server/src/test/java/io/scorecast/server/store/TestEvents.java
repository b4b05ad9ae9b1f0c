package io.scorecast.server.store;

import io.scorecast.engine.event.CustomerId;
import io.scorecast.engine.event.Event;
import io.scorecast.engine.profile.ProfileLog;
import java.util.List;

/** Events by their ids. */
final class TestEvents {

    static final long TIME = 1_700_000_000_000L;

    private TestEvents() {}

    static byte[] event(CustomerId customer, String id) {
        return event(customer, id, 3.49);
    }

    static byte[] event(CustomerId customer, String id, double value) {
        return ProfileLog.event(
                Event.builder()
                        .id(id)
                        .customer(customer.value())
                        .type("purchase")
                        .time(TIME + Math.floorMod(id.hashCode(), 1_000_000))
                        .product("p-" + Math.floorMod(id.hashCode(), 50))
                        .category("grocery/dairy/milk")
                        .value(value)
                        .quantity(1)
                        .build(Long.MAX_VALUE),
                TIME);
    }

    static List<String> ids(CustomerId customer, StoredLog log) {
        return ProfileLog.events(customer, log.bytes(), 0, log.bytes().length).stream()
                .map(logged -> logged.event().id().value())
                .toList();
    }
}
