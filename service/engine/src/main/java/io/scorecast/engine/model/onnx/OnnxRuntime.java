package io.scorecast.engine.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelRuntime;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Opens ONNX files with ONNX Runtime on the CPU. One environment for the process, one session per model, which all threads
 * share; a session computes on the caller's thread unless told to use more, since the scorer already keeps every core busy
 * with batches of its own.
 */
public final class OnnxRuntime implements ModelRuntime {

    private static final String ENGINE = "onnxruntime";

    private final int threads;

    /** Each prediction runs on its caller's thread. */
    public OnnxRuntime() {
        this(1);
    }

    /**
     * Sets how many threads one prediction may use.
     *
     * @param threads at least 1, the caller's included
     */
    public OnnxRuntime(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("at least one thread, not " + threads);
        }
        this.threads = threads;
    }

    @Override
    public String name() {
        return "onnx";
    }

    @Override
    public @Nullable Model open(OpenRequest request, Problems inputs, Problems problems) {
        String source = request.source();
        if (!request.engine().isEmpty() && !request.engine().equals(ENGINE)) {
            problems.add(source, "no engine '" + request.engine() + "' for ONNX; leave 'engine' out");
            return null;
        }
        int before = problems.size();
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        OrtSession session;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            session = environment.createSession(request.file().toString(), options);
        } catch (OrtException e) {
            problems.add(source, "ONNX Runtime cannot open the file: " + e.getMessage());
            return null;
        }
        OnnxModel model = null;
        try {
            OnnxTensors tensors = OnnxTensors.read(environment, session, request, problems);
            if (tensors != null && problems.size() == before) {
                model = new OnnxModel(environment, session, tensors);
            }
        } catch (OrtException e) {
            problems.add(source, "ONNX Runtime cannot describe the file: " + e.getMessage());
        } finally {
            if (model == null) {
                OnnxModel.close(session);
            }
        }
        return model;
    }
}
