package io.scorecast.engine.problem;

import java.util.ArrayList;
import java.util.List;

/** Collects problems while something is read, and throws them together. Not safe for use by several threads. */
public final class Problems {

    private final List<Problem> found = new ArrayList<>();

    public void add(Problem problem) {
        found.add(problem);
    }

    public void add(String source, String message) {
        found.add(Problem.of(source, message));
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public int size() {
        return found.size();
    }

    public List<Problem> list() {
        return List.copyOf(found);
    }

    /**
     * Ends the reading.
     *
     * @throws ProblemsException if anything was found
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ProblemsException(found);
        }
    }
}
