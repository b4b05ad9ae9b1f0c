package io.scorecast.engine.model.forest;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model file as its reader walks through it: objects field by field, arrays element by element, arrays of numbers at
 * once. It is read in one pass and never stands in memory as a tree of objects; XGBoost writes the same content as JSON
 * and as UBJSON, so one reader serves both. Each value must be read or skipped, once.
 */
abstract class Document implements Closeable {

    /** XGBoost's own files nest seven deep. */
    static final int MAX_DEPTH = 64;

    private final Deque<String> place = new ArrayDeque<>();

    /** Reads the value of a field, or the element of an array. */
    interface ValueReader<T> {
        void read(T at) throws IOException, MalformedModel;
    }

    /** Reads an object; the reader reads or skips the value of every field it is given. */
    final void object(ValueReader<String> reader) throws IOException, MalformedModel {
        beginObject();
        Set<String> seen = new HashSet<>();
        for (String name = nextName(); name != null; name = nextName()) {
            if (!seen.add(name)) {
                // Two readers may take one or the other.
                throw fault("'" + name + "' is given twice");
            }
            place.addLast(place.isEmpty() ? name : "." + name);
            reader.read(name);
            place.removeLast();
        }
    }

    /** Reads an array; the reader reads or skips every element, whose index it is given. */
    final void array(ValueReader<Integer> reader) throws IOException, MalformedModel {
        beginArray();
        for (int index = 0; nextElement(); index++) {
            place.addLast("[" + index + "]");
            reader.read(index);
            place.removeLast();
        }
    }

    /** Where the reader stands, such as {@code learner.gradient_booster.model.trees[3].parents}. */
    final String place() {
        return place.isEmpty() ? "the file" : String.join("", place);
    }

    abstract void beginObject() throws IOException, MalformedModel;

    /** The name of the object's next field; null, and the object is left, after the last one. */
    abstract @Nullable String nextName() throws IOException, MalformedModel;

    abstract void beginArray() throws IOException, MalformedModel;

    /** Whether the array has another element; if not, the array is left. */
    abstract boolean nextElement() throws IOException, MalformedModel;

    /** Whether the value that follows is an array. */
    abstract boolean atArray() throws IOException, MalformedModel;

    /** A text, or a number as text. */
    abstract String text() throws IOException, MalformedModel;

    /** An array of whole numbers; true and false count as 1 and 0. */
    abstract int[] ints() throws IOException, MalformedModel;

    /** An array of numbers. */
    abstract float[] floats() throws IOException, MalformedModel;

    /** Passes over a value of any kind. */
    abstract void skip() throws IOException, MalformedModel;

    /** Checks that nothing follows. */
    abstract void end() throws IOException, MalformedModel;

    /** What is wrong where the reader stands. */
    abstract MalformedModel fault(String message);
}
