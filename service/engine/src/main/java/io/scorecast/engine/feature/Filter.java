package io.scorecast.engine.feature;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events a feature is about, whenever they were.
 *
 * @param types sorted and distinct; null for all but bookkeeping
 * @param netting whether returns are among the events, to be subtracted
 */
record Filter(
        @Nullable List<String> types,
        boolean netting,
        @Nullable Where where) {

    /** Whether an event of that type is taken, if {@code where} agrees. */
    boolean takes(String type, boolean bookkeeping) {
        if (types == null) {
            return !bookkeeping;
        }
        return types.contains(type) || (netting && type.equals("return"));
    }
}
