package io.scorecast.engine.model;

import io.scorecast.engine.feature.FeatureSet;
import io.scorecast.engine.pair.PairSet;
import io.scorecast.engine.problem.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A version that is open and ready to score: its folder, its features, its model, and how one reads into the other. */
public final class ModelVersion implements AutoCloseable {

    private final ModelFolder folder;
    private final List<FeatureSet> inputs;
    private final Model model;
    private final List<BoundOutput> outputs;
    private final UseCount uses;

    private ModelVersion(ModelFolder folder, List<FeatureSet> inputs, Model model, List<BoundOutput> outputs) {
        this.folder = folder;
        this.inputs = List.copyOf(inputs);
        this.model = model;
        this.outputs = List.copyOf(outputs);
        this.uses = new UseCount(model::close);
    }

    /**
     * Opens a version's model and checks that features, inputs and outputs fit together.
     *
     * @param inputs what keeps the model's inputs and the features apart
     * @param file what is wrong with the model file and the outputs
     * @return null, with every reason among the problems, if it cannot be served
     */
    public static @Nullable ModelVersion open(
            ModelFolder folder, ModelRuntime runtime, Pace pace, Problems inputs, Problems file) {
        Model model = runtime.open(folder.openRequest(pace), inputs, file);
        if (model == null) {
            return null;
        }
        List<BoundOutput> outputs = new ArrayList<>();
        for (OutputSpec spec : folder.manifest().outputs()) {
            BoundOutput output = bind(spec, folder, model, file);
            if (output != null) {
                outputs.add(output);
            }
        }
        if (outputs.size() < folder.manifest().outputs().size()) {
            model.close();
            return null;
        }
        return new ModelVersion(folder, folder.inputs(), model, outputs);
    }

    private static @Nullable BoundOutput bind(OutputSpec spec, ModelFolder folder, Model model, Problems problems) {
        PairSet pairs = folder.pairs();
        if (pairs != null && spec instanceof ItemsOutput items) {
            int numbers = model.signature().outputs().getFirst().width();
            if (numbers != 1) {
                problems.add(
                        folder.source(),
                        "output '" + items.name() + "' ranks by one number for a pair, the model gives " + numbers);
                return null;
            }
            return new BoundOutput.Ranked(items, pairs.listNames().indexOf(items.name()));
        }
        return BoundOutput.bind(spec, model.signature(), folder.source(), problems);
    }

    /** The model's name. */
    public String name() {
        return folder.manifest().name();
    }

    public int version() {
        return folder.version();
    }

    public Path path() {
        return folder.path();
    }

    public ModelFolder folder() {
        return folder;
    }

    public Manifest manifest() {
        return folder.manifest();
    }

    /** SHA-256 of the folder's SHA256SUMS. */
    public String checksum() {
        return folder.checksum();
    }

    /** All features that the manifest defines, also those that only others are made of. */
    public FeatureSet features() {
        return folder.features();
    }

    /** What the model ranks; null if its rows are customers. */
    public @Nullable PairSet pairs() {
        return folder.pairs();
    }

    /** Per input tensor, the features that are its columns; empty if the model ranks pairs. */
    public List<FeatureSet> inputs() {
        return inputs;
    }

    /** In the manifest's order. */
    public List<BoundOutput> outputs() {
        return outputs;
    }

    public Model model() {
        return model;
    }

    /** Room for rows of this version's model. */
    public ModelBatch newBatch(int capacity) {
        return new ModelBatch(model.signature(), capacity);
    }

    /**
     * Begins a use, to be ended by {@link #release}: while one lasts, the model stays open even if its owner closes it.
     *
     * @throws IllegalStateException if the owner has closed it
     */
    public void retain() {
        uses.begin();
    }

    /** Ends a use. */
    public void release() {
        uses.end();
    }

    /** The owner lets go; the model is freed by the last one who uses it. */
    @Override
    public void close() {
        uses.close();
    }

    @Override
    public String toString() {
        return name() + "/" + version();
    }
}
