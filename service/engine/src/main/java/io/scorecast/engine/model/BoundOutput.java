package io.scorecast.engine.model;

import io.scorecast.engine.problem.Nearest;
import io.scorecast.engine.problem.Problems;
import org.jspecify.annotations.Nullable;

/** An output of a manifest, bound to the tensors that it is read from. */
public sealed interface BoundOutput {

    OutputSpec spec();

    /** One number per row. */
    record Score(ScoreOutput spec, int tensor, int margin) implements BoundOutput {

        /** What the library's {@code predict} returned. */
        public double raw(ModelBatch batch, int row) {
            return batch.number(tensor, row, spec.column());
        }

        private double margin(ModelBatch batch, int row, double raw) {
            return margin >= 0 ? batch.number(margin, row, spec.column()) : Math.log(raw / (1 - raw));
        }

        /** Calibrated, neither clamped nor rounded; NaN if the model's answer is not finite. */
        public double calibrated(ModelBatch batch, int row) {
            double raw = raw(batch, row);
            return spec.calibrated(raw, margin(batch, row, raw));
        }

        /** What is published, six significant digits; NaN if the model's answer is not finite. */
        public double published(ModelBatch batch, int row) {
            double raw = raw(batch, row);
            return spec.published(raw, margin(batch, row, raw));
        }
    }

    /** A list of items for each customer. */
    sealed interface Listed extends BoundOutput {

        @Override
        ItemsOutput spec();
    }

    /** A list that ranks one of the version's lists of candidates: a row of the model is one of them. */
    record Ranked(ItemsOutput spec, int list) implements Listed {

        /** What the library's {@code predict} returned. */
        public double raw(ModelBatch batch, int row) {
            return batch.number(0, row, 0);
        }
    }

    /** A list per row. */
    record Items(ItemsOutput spec, int tensor, int scores, int width) implements Listed {

        /** Index into the vocabulary, from 1; 0 for none, or for an index that the vocabulary does not have. */
        public int item(ModelBatch batch, int row, int place) {
            double index = batch.number(tensor, row, place);
            return index >= 1 && index <= spec.vocabulary().size() ? (int) index : 0;
        }

        /** Six significant digits; NaN if the model's answer is not finite. */
        public double score(ModelBatch batch, int row, int place) {
            double score = batch.number(scores, row, place);
            return Double.isFinite(score) ? Rounding.sixDigits(score) : Double.NaN;
        }
    }

    /** Finds an output's tensors; null, with the reason among the problems, if they are not there. */
    static @Nullable BoundOutput bind(OutputSpec spec, ModelSignature signature, String source, Problems problems) {
        int tensor = spec.tensor().isEmpty() ? 0 : find(spec, spec.tensor(), signature, source, problems);
        if (tensor < 0) {
            return null;
        }
        TensorSpec shape = signature.outputs().get(tensor);
        return switch (spec) {
            case ScoreOutput score -> {
                if (score.column() >= shape.width()) {
                    problems.add(
                            source,
                            "output '" + score.name() + "' reads column " + score.column() + " of '" + shape.name()
                                    + "', which has " + shape.width() + " (counted from 0)");
                    yield null;
                }
                yield new Score(score, tensor, tensor == 0 ? signature.margin() : -1);
            }
            case ItemsOutput items -> {
                int scores = find(spec, items.scores(), signature, source, problems);
                if (scores < 0) {
                    yield null;
                }
                int width = signature.outputs().get(scores).width();
                if (width != shape.width()) {
                    problems.add(
                            source,
                            "output '" + items.name() + "' has " + shape.width() + " items in '" + shape.name()
                                    + "' but " + width + " scores in '" + items.scores() + "'");
                    yield null;
                }
                yield new Items(items, tensor, scores, width);
            }
        };
    }

    private static int find(OutputSpec spec, String name, ModelSignature signature, String source, Problems problems) {
        int tensor = signature.output(name);
        if (tensor < 0) {
            problems.add(
                    source,
                    "output '" + spec.name() + "': "
                            + Nearest.message(
                                    "tensor",
                                    name,
                                    signature.outputs().stream()
                                            .map(TensorSpec::name)
                                            .toList()));
        } else if (signature.outputs().get(tensor).type() == TensorSpec.Type.TEXT) {
            problems.add(source, "output '" + spec.name() + "': the tensor '" + name + "' holds texts, not numbers");
            return -1;
        }
        return tensor;
    }
}
