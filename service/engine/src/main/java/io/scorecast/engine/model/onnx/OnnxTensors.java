package io.scorecast.engine.model.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.scorecast.engine.model.ModelSignature;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.model.TensorSpec;
import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a session: its inputs in the manifest's order, its numeric outputs in the file's. A file need not say how
 * wide an output is, or says so wrongly, so two trial runs tell, one row and three; they also find models that were
 * exported for batches of one size only.
 *
 * @param misdeclared outputs whose shape in the file is not the one they have, such as the label of onnxmltools: ONNX
 *     Runtime writes them, but not into memory of ours
 */
record OnnxTensors(List<Tensor> inputs, List<Tensor> outputs, Set<String> misdeclared) {

    private static final int[] TRIALS = {1, 3};

    ModelSignature signature() {
        return new ModelSignature(specs(inputs), specs(outputs), -1);
    }

    private static List<TensorSpec> specs(List<Tensor> tensors) {
        return tensors.stream()
                .map(tensor -> new TensorSpec(
                        tensor.name(),
                        tensor.type().held(),
                        tensor.width(),
                        tensor.type().word(),
                        tensor.row().stream().map(Math::toIntExact).toList()))
                .toList();
    }

    /** Null, with every reason among the problems, if the session does not fit the request. */
    static @Nullable OnnxTensors read(
            OrtEnvironment environment,
            OrtSession session,
            OpenRequest request,
            Duration limit,
            Problems misfits,
            Problems problems)
            throws OrtException {
        int before = problems.size();
        int fitting = misfits.size();
        List<Tensor> inputs = inputs(session.getInputInfo(), request, misfits);
        Map<String, ElementType> types = outputs(session.getOutputInfo(), request.source(), problems);
        if (problems.size() > before || misfits.size() > fitting) {
            return null;
        }
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        for (int rows : TRIALS) {
            try {
                run(environment, session, inputs, types, rows, limit, outputs, request.source(), problems);
            } catch (OrtException e) {
                problems.add(
                        request.source(),
                        "a trial with " + rows + (rows == 1 ? " row" : " rows") + " failed: " + e.getMessage());
            }
            if (problems.size() > before) {
                return null;
            }
        }
        return new OnnxTensors(
                List.copyOf(inputs), List.copyOf(outputs.values()), misdeclared(session.getOutputInfo(), outputs));
    }

    private static Set<String> misdeclared(Map<String, NodeInfo> declared, Map<String, Tensor> outputs) {
        Set<String> names = new HashSet<>();
        outputs.forEach((name, tensor) -> {
            // The batch's dimension is any number of rows, so a fixed one is wrong.
            long[] shape = tensor.shape(-1);
            NodeInfo node = declared.get(name);
            if (node != null && node.getInfo() instanceof TensorInfo info && info.getShape().length == shape.length) {
                for (int i = 0; i < shape.length; i++) {
                    if (info.getShape()[i] >= 0 && info.getShape()[i] != shape[i]) {
                        names.add(name);
                    }
                }
            }
        });
        return Set.copyOf(names);
    }

    private static List<Tensor> inputs(Map<String, NodeInfo> found, OpenRequest request, Problems problems) {
        List<Tensor> inputs = new ArrayList<>();
        List<String> asked =
                request.inputs().stream().map(OpenRequest.Input::name).toList();
        for (String name : found.keySet()) {
            if (!asked.contains(name)) {
                problems.add(request.source(), "the model's input '" + name + "' is not among the manifest's " + asked);
            }
        }
        for (OpenRequest.Input input : request.inputs()) {
            NodeInfo node = found.get(input.name());
            if (node == null) {
                problems.add(
                        request.source(),
                        "the manifest's inputs: " + Nearest.message("input", input.name(), found.keySet())
                                + " (in the model)");
                continue;
            }
            String refusal = "the model's input '" + input.name() + "' ";
            if (!(node.getInfo() instanceof TensorInfo info)) {
                problems.add(request.source(), refusal + "is no tensor");
                continue;
            }
            ElementType type = ElementType.of(info.type);
            int width = input.columns().size();
            if (type == null) {
                problems.add(
                        request.source(),
                        refusal + "holds " + info.type
                                + "; float16, float32, float64, int64 and int32 can be fed; encode texts as numbers among the features");
            } else if (info.getShape().length == 0 || info.getShape()[0] >= 0) {
                problems.add(
                        request.source(),
                        refusal + "has the shape " + Tensor.text(info.getShape())
                                + "; its first dimension must be dynamic, for batches of any size: export it with a dynamic batch axis"
                                + " (torch.onnx.export: dynamic_axes={'" + input.name() + "': {0: 'batch'}})");
            } else if (!fits(info.getShape(), width)) {
                problems.add(
                        request.source(),
                        refusal + "has the shape " + Tensor.text(info.getShape()) + ", the manifest gives it " + width
                                + (width == 1 ? " column" : " columns"));
            } else {
                inputs.add(new Tensor(input.name(), type, width, row(info.getShape(), width)));
            }
        }
        return inputs;
    }

    /** Whether a row of the shape has that many numbers, or could have. */
    private static boolean fits(long[] shape, int width) {
        long fixed = 1;
        int free = 0;
        for (int i = 1; i < shape.length; i++) {
            if (shape[i] < 0) {
                free++;
            } else {
                fixed = shape[i] > width ? width + 1L : Math.min(width + 1L, fixed * shape[i]);
            }
        }
        return free == 0 ? fixed == width : free == 1 && fixed > 0 && width % fixed == 0;
    }

    private static long[] row(long[] shape, int width) {
        long[] row = Arrays.copyOfRange(shape, 1, shape.length);
        long fixed = 1;
        for (long size : row) {
            fixed *= size < 0 ? 1 : size;
        }
        for (int i = 0; i < row.length; i++) {
            row[i] = row[i] < 0 ? width / fixed : row[i];
        }
        return row;
    }

    private static Map<String, ElementType> outputs(Map<String, NodeInfo> found, String source, Problems problems) {
        Map<String, ElementType> types = new LinkedHashMap<>();
        int before = problems.size();
        found.forEach((name, node) -> {
            if (node.getInfo() instanceof TensorInfo info) {
                ElementType type = ElementType.of(info.type);
                // A classifier's label may be text; the numbers beside it can still be read.
                if (type != null) {
                    types.put(name, type);
                }
            } else {
                problems.add(
                        source,
                        "the model's output '" + name + "' is no tensor but a sequence or map;"
                                + " export scikit-learn classifiers with options={'zipmap': False}");
            }
        });
        if (types.isEmpty() && problems.size() == before) {
            problems.add(source, "no output of the model holds float16, float32, float64, int64 or int32 numbers");
        }
        return types;
    }

    private static void run(
            OrtEnvironment environment,
            OrtSession session,
            List<Tensor> inputs,
            Map<String, ElementType> types,
            int rows,
            Duration limit,
            Map<String, Tensor> outputs,
            String source,
            Problems problems)
            throws OrtException {
        Map<String, OnnxTensor> in = new LinkedHashMap<>();
        try {
            for (Tensor input : inputs) {
                TensorBuffer zeros = new TensorBuffer(input);
                zeros.begin(rows);
                in.put(input.name(), zeros.view(environment, rows));
            }
            try (Watchdog.Run run = Watchdog.begin(limit);
                    OrtSession.Result result = answer(session, in, types, run)) {
                if (result == null) {
                    problems.add(source, OnnxModel.tooLong(limit) + " (a trial with zeros)");
                    return;
                }
                for (Map.Entry<String, OnnxValue> entry : result) {
                    ElementType type = types.get(entry.getKey());
                    if (type != null) {
                        put(entry.getKey(), type, entry.getValue(), rows, outputs, source, problems);
                    }
                }
            }
        } finally {
            in.values().forEach(OnnxTensor::close);
        }
    }

    /** Null if it took too long. */
    private static OrtSession.@Nullable Result answer(
            OrtSession session, Map<String, OnnxTensor> in, Map<String, ElementType> types, Watchdog.Run run)
            throws OrtException {
        try {
            return session.run(in, types.keySet(), run.options());
        } catch (OrtException e) {
            if (run.isStopped()) {
                return null;
            }
            throw e;
        }
    }

    private static void put(
            String name,
            ElementType type,
            OnnxValue value,
            int rows,
            Map<String, Tensor> outputs,
            String source,
            Problems problems) {
        long[] shape = value.getInfo() instanceof TensorInfo info ? info.getShape() : new long[0];
        long numbers = 1;
        for (long size : shape) {
            numbers *= size;
        }
        if (shape.length == 0 || shape[0] != rows || numbers == 0 || numbers / rows > Integer.MAX_VALUE) {
            problems.add(
                    source,
                    "the model's output '" + name + "' has the shape " + Arrays.toString(shape) + " for " + rows
                            + (rows == 1 ? " row" : " rows") + "; its first dimension must be the number of rows");
            return;
        }
        Tensor tensor = new Tensor(name, type, (int) (numbers / rows), Arrays.copyOfRange(shape, 1, shape.length));
        Tensor before = outputs.putIfAbsent(name, tensor);
        if (before != null && !before.row().equals(tensor.row())) {
            problems.add(
                    source,
                    "the model's output '" + name + "' is " + before.width() + " wide for one row and " + tensor.width()
                            + " for " + rows + " rows; it must not depend on the batch");
        }
    }
}
