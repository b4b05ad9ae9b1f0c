package io.scorecast.engine.feature;

import io.scorecast.engine.expression.Variables;
import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.Truth;
import org.jspecify.annotations.Nullable;

/** The fields of one event as the variables of a condition. Reused for all events of a profile. */
final class EventVariables implements Variables {

    private @Nullable Profile profile;
    private int event;
    private @Nullable Where where;

    void look(Profile at) {
        profile = at;
    }

    boolean holds(Where condition, int ofEvent) {
        where = condition;
        event = ofEvent;
        return condition.condition().holds(this);
    }

    @Override
    public double number(int slot) {
        return field(slot).number(profile(), event);
    }

    @Override
    public @Nullable String text(int slot) {
        return field(slot).text(profile(), event);
    }

    @Override
    public Truth truth(int slot) {
        return field(slot).truth(profile(), event);
    }

    private Profile profile() {
        if (profile == null) {
            throw new IllegalStateException("no profile is being looked at");
        }
        return profile;
    }

    private Field field(int slot) {
        if (where == null) {
            throw new IllegalStateException("no condition is being tested");
        }
        return where.fields().get(slot);
    }
}
