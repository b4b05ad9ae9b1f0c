package io.scorecast.engine.feature;

import io.scorecast.engine.profile.Profile;
import java.util.Arrays;

/** Events in order of time, by their index in the profile. Reused. */
final class EventList {

    private int[] events = new int[16];
    private int size;

    void clear() {
        size = 0;
    }

    void add(int event) {
        if (size == events.length) {
            events = Arrays.copyOf(events, size * 2);
        }
        events[size++] = event;
    }

    int size() {
        return size;
    }

    int get(int index) {
        return events[index];
    }

    /** The number of events at or before a time. */
    int until(Profile profile, long time) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (profile.time(events[middle]) <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
