package io.scorecast.engine.model.onnx;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelRuntime;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.problem.Problems;
import org.jspecify.annotations.Nullable;

/** Opens ONNX files with ONNX Runtime. */
public final class OnnxRuntime implements ModelRuntime {

    @Override
    public String name() {
        return "onnx";
    }

    @Override
    public @Nullable Model open(OpenRequest request, Problems problems) {
        problems.add(request.source(), "this build opens no ONNX model yet");
        return null;
    }
}
