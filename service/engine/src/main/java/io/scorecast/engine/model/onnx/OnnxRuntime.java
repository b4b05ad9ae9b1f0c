package io.scorecast.engine.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.scorecast.engine.model.CodeOrigin;
import io.scorecast.engine.model.FolderFiles;
import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelRuntime;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.problem.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens ONNX files with ONNX Runtime on the CPU. One environment for the process, one session per model, which all threads
 * share; a session computes on the caller's thread unless told to use more, since the scorer already keeps every core busy
 * with batches of its own.
 */
public final class OnnxRuntime implements ModelRuntime {

    private static final String ENGINE = "onnxruntime";

    /** A protocol buffer ends at two gigabytes; a model without its tensors is far smaller. */
    private static final long MAX_BYTES = 1L << 30;

    /** What a run of a batch may take: a hundred times what anybody would wait for. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final int threads;
    private final Duration limit;

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
        this(threads, LIMIT);
    }

    /**
     * Sets how many threads one prediction may use, and how long it may take.
     *
     * @param threads at least 1, the caller's included
     * @param limit of a batch: what takes longer is stopped
     */
    public OnnxRuntime(int threads, Duration limit) {
        if (threads < 1) {
            throw new IllegalArgumentException("at least one thread, not " + threads);
        }
        this.threads = threads;
        this.limit = limit;
    }

    @Override
    public String name() {
        return "onnx";
    }

    @Override
    public String release() throws IOException {
        return CodeOrigin.release(OrtEnvironment.class);
    }

    /**
     * The names of a file's inputs, in its order.
     *
     * @return null, with the reason among the problems, if it cannot be opened
     */
    public static @Nullable List<String> inputs(Path file, String source, Problems problems) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        try (OrtSession session = environment.createSession(file.toString())) {
            return List.copyOf(session.getInputNames());
        } catch (OrtException e) {
            problems.add(source, "ONNX Runtime cannot open the file: " + e.getMessage());
            return null;
        }
    }

    @Override
    public @Nullable Model open(OpenRequest request, Problems inputs, Problems problems) {
        String source = request.source();
        if (!request.engine().isEmpty() && !request.engine().equals(ENGINE)) {
            problems.add(source, "no engine '" + request.engine() + "' for ONNX; leave 'engine' out");
            return null;
        }
        if (!externalFilesStayInside(request, problems)) {
            return null;
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        OrtSession session;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            session = environment.createSession(request.file().toString(), options);
        } catch (OrtException e) {
            String cure = String.valueOf(e.getMessage()).contains("not a registered function/op")
                    ? "; custom operators are not loaded: export the model with standard ones"
                    : "";
            problems.add(source, "ONNX Runtime cannot open the file: " + e.getMessage() + cure);
            return null;
        }
        OnnxModel model = null;
        try {
            OnnxTensors tensors = OnnxTensors.read(environment, session, request, limit, inputs, problems);
            if (tensors != null) {
                model = new OnnxModel(environment, session, tensors, limit);
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

    /** Tensors may stand in files beside the model's; those must be the folder's own, which its hashes cover. */
    private static boolean externalFilesStayInside(OpenRequest request, Problems problems) {
        Path parent = request.file().toAbsolutePath().getParent();
        try {
            long size = Files.size(request.file());
            if (size > MAX_BYTES || parent == null) {
                problems.add(
                        request.source(),
                        "the file has " + size + " bytes; at most " + MAX_BYTES
                                + " are read: export its tensors as external data");
                return false;
            }
            FolderFiles files = new FolderFiles(parent);
            boolean inside = true;
            for (String name : ExternalFiles.of(Files.readAllBytes(request.file()))) {
                String refusal = files.refusal(name);
                if (refusal != null) {
                    problems.add(request.source(), "its external data: " + refusal);
                    inside = false;
                }
                request.pace().pause();
            }
            return inside;
        } catch (IllegalArgumentException e) {
            problems.add(request.source(), "this is no ONNX file: " + e.getMessage());
        } catch (IOException e) {
            problems.add(request.source(), "the file cannot be read: " + e);
        }
        return false;
    }
}
