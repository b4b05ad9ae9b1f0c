package io.scorecast.engine.model.xgboost;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelRuntime;
import io.scorecast.engine.model.OpenRequest;
import io.scorecast.engine.problem.Problems;
import org.jspecify.annotations.Nullable;

/** Opens what XGBoost writes: JSON and UBJSON. */
public final class XgboostRuntime implements ModelRuntime {

    @Override
    public String name() {
        return "xgboost";
    }

    @Override
    public @Nullable Model open(OpenRequest request, Problems problems) {
        problems.add(request.source(), "this build opens no XGBoost model yet");
        return null;
    }
}
