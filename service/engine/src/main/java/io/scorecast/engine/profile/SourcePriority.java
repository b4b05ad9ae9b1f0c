package io.scorecast.engine.profile;

import java.util.List;

/** Whose attributes win: the first source listed is trusted most, one that is not listed least. Immutable. */
public final class SourcePriority {

    /** All sources are equal. */
    public static final SourcePriority NONE = new SourcePriority(List.of());

    private final List<String> names;

    private SourcePriority(List<String> names) {
        this.names = List.copyOf(names);
    }

    /** Takes source names, the most trusted first. */
    public static SourcePriority of(List<String> names) {
        return names.isEmpty() ? NONE : new SourcePriority(names);
    }

    /** The most trusted first. */
    public List<String> names() {
        return names;
    }

    /** Greater is trusted more; 0 for a source that is not listed, and for none. */
    int rank(String source) {
        int index = names.indexOf(source);
        return index < 0 ? 0 : names.size() - index;
    }
}
