package io.scorecast.engine.model;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rows of inputs and room for outputs of one model, reused from batch to batch. Each tensor is one array, row by row:
 * number {@code c} of row {@code r} stands at {@code r · width + c}. Owned by one thread.
 */
public final class ModelBatch {

    private static final String[] NO_TEXTS = {};

    private final ModelSignature signature;
    private final boolean texts;
    private final Object[] inputs;
    private final Object[] outputs;
    private int capacity;
    private int rows;
    private @Nullable Object scratch;

    /** Makes room for {@code capacity} rows at first. Texts among the outputs are not asked for. */
    public ModelBatch(ModelSignature signature, int capacity) {
        this(signature, capacity, false);
    }

    /**
     * Makes room for {@code capacity} rows at first.
     *
     * @param texts whether the texts among the outputs are wanted too
     */
    public ModelBatch(ModelSignature signature, int capacity, boolean texts) {
        this.signature = signature;
        this.texts = texts;
        this.inputs = new Object[signature.inputs().size()];
        this.outputs = new Object[signature.outputs().size()];
        allocate(Math.max(1, capacity));
    }

    private void allocate(int wanted) {
        capacity = wanted;
        allocate(signature.inputs(), inputs);
        allocate(signature.outputs(), outputs);
    }

    private void allocate(List<TensorSpec> specs, Object[] arrays) {
        for (int i = 0; i < arrays.length; i++) {
            int size = Math.multiplyExact(capacity, specs.get(i).width());
            arrays[i] = switch (specs.get(i).type()) {
                case FLOAT -> new float[size];
                case DOUBLE -> new double[size];
                case LONG -> new long[size];
                case TEXT -> texts ? new String[size] : NO_TEXTS;
            };
        }
    }

    public ModelSignature signature() {
        return signature;
    }

    public int rows() {
        return rows;
    }

    /** Begins a batch of that many rows; what stood in the inputs is undefined afterwards. */
    public void begin(int newRows) {
        if (newRows > capacity) {
            allocate(Math.max(newRows, 2 * capacity));
        }
        rows = newRows;
    }

    /** The array of a FLOAT input. */
    public float[] floats(int input) {
        return (float[]) inputs[input];
    }

    /** The array of a LONG input. */
    public long[] longs(int input) {
        return (long[]) inputs[input];
    }

    /** The array of a DOUBLE input. */
    public double[] doubles(int input) {
        return (double[]) inputs[input];
    }

    /** Writes one number, whatever the input's type; NaN becomes 0 in a LONG input. */
    public void put(int input, int row, int column, double value) {
        TensorSpec spec = signature.inputs().get(input);
        int at = row * spec.width() + column;
        switch (spec.type()) {
            case FLOAT -> floats(input)[at] = (float) value;
            case DOUBLE -> doubles(input)[at] = value;
            case LONG -> longs(input)[at] = (long) value;
            case TEXT -> throw new IllegalArgumentException("the input '" + spec.name() + "' takes texts");
        }
    }

    /** The array of a FLOAT output, for the model to fill. */
    public float[] floatOutput(int output) {
        return (float[]) outputs[output];
    }

    /** The array of a DOUBLE output, for the model to fill. */
    public double[] doubleOutput(int output) {
        return (double[]) outputs[output];
    }

    /** The array of a LONG output, for the model to fill. */
    public long[] longOutput(int output) {
        return (long[]) outputs[output];
    }

    /** Whether TEXT outputs are wanted. */
    public boolean wantsTexts() {
        return texts;
    }

    /** The array of a TEXT output, for the model to fill; of no use unless they are wanted. */
    public String[] textOutput(int output) {
        return (String[]) outputs[output];
    }

    /** One number of an output, whatever its type; NaN for a text. */
    public double number(int output, int row, int column) {
        TensorSpec spec = signature.outputs().get(output);
        int at = row * spec.width() + column;
        return switch (spec.type()) {
            case FLOAT -> floatOutput(output)[at];
            case DOUBLE -> doubleOutput(output)[at];
            case LONG -> longOutput(output)[at];
            case TEXT -> Double.NaN;
        };
    }

    /** What the model keeps with a batch to work in, made at the first use. */
    public <T> T scratch(Class<T> type, Supplier<T> make) {
        if (!type.isInstance(scratch)) {
            scratch = make.get();
        }
        return type.cast(scratch);
    }
}
