package io.scorecast.server.inference;

import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.TensorSpec;
import java.util.List;

/**
 * Tensors of some rows, each one array of its type, row by row: {@code float[]}, {@code double[]} or {@code long[]}.
 *
 * @param tensors one for each of the specs
 */
public record Rows(List<TensorSpec> specs, int count, List<Object> tensors) {

    public Rows {
        specs = List.copyOf(specs);
        tensors = List.copyOf(tensors);
    }

    /** Room for rows of some tensors. */
    public static Rows allocate(List<TensorSpec> specs, int count) {
        return new Rows(
                specs,
                count,
                specs.stream()
                        .map(spec -> array(spec.type(), Math.multiplyExact(count, spec.width())))
                        .toList());
    }

    private static Object array(TensorSpec.Type type, int size) {
        return switch (type) {
            case FLOAT -> new float[size];
            case DOUBLE -> new double[size];
            case LONG -> new long[size];
        };
    }

    /** How many numbers stand in all tensors. */
    public long numbers() {
        long numbers = 0;
        for (TensorSpec spec : specs) {
            numbers += (long) count * spec.width();
        }
        return numbers;
    }

    /** A FLOAT tensor. */
    public float[] floats(int tensor) {
        return (float[]) tensors.get(tensor);
    }

    /** A DOUBLE tensor. */
    public double[] doubles(int tensor) {
        return (double[]) tensors.get(tensor);
    }

    /** A LONG tensor. */
    public long[] longs(int tensor) {
        return (long[]) tensors.get(tensor);
    }

    /** Copies rows into a batch's inputs. */
    void write(ModelBatch batch, int from, int into, int rows) {
        for (int i = 0; i < specs.size(); i++) {
            Object target = switch (specs.get(i).type()) {
                case FLOAT -> batch.floats(i);
                case DOUBLE -> batch.doubles(i);
                case LONG -> batch.longs(i);
            };
            copy(tensors.get(i), from, target, into, rows, specs.get(i).width());
        }
    }

    /** Copies rows out of a batch's outputs. */
    void read(ModelBatch batch, int from, int into, int rows) {
        for (int i = 0; i < specs.size(); i++) {
            Object source = switch (specs.get(i).type()) {
                case FLOAT -> batch.floatOutput(i);
                case DOUBLE -> batch.doubleOutput(i);
                case LONG -> batch.longOutput(i);
            };
            copy(source, from, tensors.get(i), into, rows, specs.get(i).width());
        }
    }

    @SuppressWarnings("SuspiciousSystemArraycopy") // both are of the spec's type
    private static void copy(Object source, int from, Object target, int into, int rows, int width) {
        System.arraycopy(source, from * width, target, into * width, rows * width);
    }
}
