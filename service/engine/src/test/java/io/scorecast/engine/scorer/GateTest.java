package io.scorecast.engine.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.scorecast.engine.model.ModelVersion;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GateTest {

    private static final Path MODELS = Path.of("../../models");

    private final Gate gate = new Gate(ScorerSettings.DEFAULT, ScorerLoader.runtimes());

    @Test
    void check_shippedModels_pass() throws Exception {
        for (String name : new String[] {"churn/1", "clv/1", "next-product/1", "propensity/1"}) {
            Gate.Result result = gate.check(MODELS.resolve(name));
            System.out.println(result.report().json());
            try (ModelVersion version = result.version()) {
                assertThat(result.report().problems()).isEmpty();
                assertThat(version).isNotNull();
            }
        }
    }
}
