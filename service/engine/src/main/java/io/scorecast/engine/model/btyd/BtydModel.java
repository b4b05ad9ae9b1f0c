package io.scorecast.engine.model.btyd;

import io.scorecast.engine.model.Model;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.ModelSignature;
import io.scorecast.engine.model.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of frequency, recency, T and, with Gamma-Gamma, monetary_value, each double precision. */
final class BtydModel implements Model {

    /** What it gives, in this order; the last two with Gamma-Gamma only. */
    static final String P_ALIVE = "p_alive";

    static final String PURCHASES = "expected_purchases";
    static final String VALUE = "expected_average_value";
    static final String CLV = "expected_value";

    private final PurchaseModel purchases;
    private final @Nullable GammaGamma values;
    private final double horizon;
    private final ModelSignature signature;

    /**
     * @param input name of the one input
     * @param horizon of the expectations, in the unit of the parameters
     */
    BtydModel(PurchaseModel purchases, @Nullable GammaGamma values, double horizon, String input) {
        this.purchases = purchases;
        this.values = values;
        this.horizon = horizon;
        List<TensorSpec> outputs = new ArrayList<>(List.of(output(P_ALIVE), output(PURCHASES)));
        if (values != null) {
            outputs.add(output(VALUE));
            outputs.add(output(CLV));
        }
        signature = new ModelSignature(
                List.of(new TensorSpec(input, TensorSpec.Type.DOUBLE, values == null ? 3 : 4)), outputs, -1);
    }

    private static TensorSpec output(String name) {
        return new TensorSpec(name, TensorSpec.Type.DOUBLE, 1);
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public String engine() {
        return BtydRuntime.NAME;
    }

    @Override
    public void predict(ModelBatch batch) {
        double[] in = batch.doubles(0);
        int width = signature.inputs().getFirst().width();
        for (int row = 0; row < batch.rows(); row++) {
            double frequency = in[row * width];
            double recency = in[row * width + 1];
            double age = in[row * width + 2];
            double expected = purchases.purchases(horizon, frequency, recency, age);
            batch.doubleOutput(0)[row] = purchases.alive(frequency, recency, age);
            batch.doubleOutput(1)[row] = expected;
            if (values != null) {
                double value = values.value(frequency, in[row * width + 3]);
                batch.doubleOutput(2)[row] = value;
                batch.doubleOutput(3)[row] = expected * value;
            }
        }
    }

    @Override
    public void close() {}
}
