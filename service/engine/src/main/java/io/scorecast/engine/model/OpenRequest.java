package io.scorecast.engine.model;

import java.nio.file.Path;
import java.util.List;

/**
 * What a {@link ModelRuntime} needs to know to open a file.
 *
 * @param file the model file, already known to lie within its folder
 * @param source how problems name the file
 * @param engine the manifest's {@code engine}, empty if it names none
 * @param inputs the model's inputs in the manifest's order
 * @param pace of the reading
 */
public record OpenRequest(Path file, String source, String engine, List<Input> inputs, Pace pace) {

    /** A file that stands alone, read at once. */
    public OpenRequest(Path file, String source, String engine, List<Input> inputs) {
        this(file, source, engine, inputs, Pace.NONE);
    }

    public OpenRequest {
        inputs = List.copyOf(inputs);
    }

    /**
     * One input tensor.
     *
     * @param columns the names of its columns; a vector feature's are {@code name_0}, {@code name_1} …
     */
    public record Input(String name, List<String> columns) {

        public Input {
            columns = List.copyOf(columns);
        }
    }
}
