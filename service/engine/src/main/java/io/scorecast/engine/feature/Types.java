package io.scorecast.engine.feature;

import io.scorecast.engine.event.EventType;
import io.scorecast.engine.profile.Profile;

/** Event types as a profile holds them. */
final class Types {

    static final int RETURN = EventType.RETURN.ordinal();

    private static final EventType[] KNOWN = EventType.values();

    private Types() {}

    static String nameOf(Profile profile, int event) {
        int type = profile.type(event);
        return type >= 0 ? KNOWN[type].typeName() : profile.text(-2 - type);
    }
}
