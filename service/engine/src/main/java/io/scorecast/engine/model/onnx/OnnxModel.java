package io.scorecast.engine.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.ModelSignature;
import io.scorecast.engine.model.UseCount;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A session of ONNX Runtime. It writes its outputs straight into memory that is reused with the batch. A run that takes too
 * long is stopped, and the model then rests, so that a graph that does not end for some customers leaves the threads to the
 * other models.
 */
final class OnnxModel implements Model {

    /** How long it rests, in times of what a run may take. */
    private static final int REST = 4;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final OnnxTensors tensors;
    private final UseCount uses;
    private final Supplier<Scratch> newScratch;
    private final Duration limit;

    /** {@link System#nanoTime} until which nothing is run; holds if {@link #resting}. */
    private volatile long restsUntil;

    private volatile boolean resting;

    /**
     * @param limit of one run
     */
    OnnxModel(OrtEnvironment environment, OrtSession session, OnnxTensors tensors, Duration limit) {
        this.limit = limit;
        this.environment = environment;
        this.session = session;
        this.tensors = tensors;
        this.uses = new UseCount(() -> close(session));
        this.newScratch = () -> new Scratch(tensors);
    }

    @Override
    public ModelSignature signature() {
        return tensors.signature();
    }

    @Override
    public String engine() {
        return "onnxruntime";
    }

    @Override
    public void predict(ModelBatch batch) {
        int rows = batch.rows();
        if (rows == 0) {
            return;
        }
        if (resting && restsUntil - System.nanoTime() > 0) {
            throw new IllegalStateException(tooLong(limit) + "; it is not asked for a while");
        }
        uses.begin();
        Map<String, OnnxTensor> in =
                LinkedHashMap.newLinkedHashMap(tensors.inputs().size());
        Map<String, OnnxTensor> out =
                LinkedHashMap.newLinkedHashMap(tensors.outputs().size());
        try {
            Scratch scratch = batch.scratch(Scratch.class, newScratch);
            for (int i = 0; i < scratch.inputs.length; i++) {
                scratch.inputs[i].begin(rows);
                scratch.inputs[i].fill(batch, i, rows);
                in.put(tensors.inputs().get(i).name(), scratch.inputs[i].view(environment, rows));
            }
            for (int i = 0; i < scratch.outputs.length; i++) {
                scratch.outputs[i].begin(rows);
                String name = tensors.outputs().get(i).name();
                if (!tensors.misdeclared().contains(name)) {
                    out.put(name, scratch.outputs[i].view(environment, rows));
                }
            }
            try (OrtSession.Result result = run(in, out)) {
                for (int i = 0; i < scratch.outputs.length && out.size() < scratch.outputs.length; i++) {
                    String name = tensors.outputs().get(i).name();
                    if (tensors.misdeclared().contains(name)) {
                        scratch.outputs[i].load((OnnxTensor) result.get(name).orElseThrow());
                    }
                }
            }
            for (int i = 0; i < scratch.outputs.length; i++) {
                scratch.outputs[i].drain(batch, i, rows);
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
        } finally {
            in.values().forEach(OnnxTensor::close);
            out.values().forEach(OnnxTensor::close);
            uses.end();
        }
    }

    private OrtSession.Result run(Map<String, OnnxTensor> in, Map<String, OnnxTensor> out) throws OrtException {
        try (Watchdog.Run run = Watchdog.begin(limit)) {
            try {
                OrtSession.Result result = session.run(in, tensors.misdeclared(), out, run.options());
                if (resting) {
                    resting = false;
                }
                return result;
            } catch (OrtException e) {
                if (run.isStopped()) {
                    restsUntil = System.nanoTime() + REST * limit.toNanos();
                    resting = true;
                    throw new IllegalStateException(tooLong(limit), e);
                }
                throw e;
            }
        }
    }

    static String tooLong(Duration limit) {
        return "the model was stopped after " + limit.toMillis() / 1e3
                + " s; its graph may hold a loop that never ends";
    }

    @Override
    public void close() {
        uses.close();
    }

    static void close(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime cannot close a session: " + e.getMessage(), e);
        }
    }

    /** What one batch works in. */
    private static final class Scratch {

        private final TensorBuffer[] inputs;
        private final TensorBuffer[] outputs;

        Scratch(OnnxTensors tensors) {
            inputs = buffers(tensors.inputs());
            outputs = buffers(tensors.outputs());
        }

        private static TensorBuffer[] buffers(List<Tensor> tensors) {
            return tensors.stream().map(TensorBuffer::new).toArray(TensorBuffer[]::new);
        }
    }
}
