package io.scorecast.engine.scorer;

import io.scorecast.engine.model.BoundOutput;
import io.scorecast.engine.model.ItemVocabulary;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.prediction.ItemList;

/** A list of items for whoever compares it, best first. */
interface Places {

    int size();

    /** Index into the vocabulary, from 1; 0 for none. */
    int item(int place);

    /** Six significant digits; NaN if the model's answer is not finite. */
    double score(int place);

    /** A list as it is published. */
    static Places of(ItemList list, ItemVocabulary vocabulary) {
        return new Places() {
            @Override
            public int size() {
                return list.size();
            }

            @Override
            public int item(int place) {
                return vocabulary.indexOf(list.items().get(place).id());
            }

            @Override
            public double score(int place) {
                return list.scores().get(place);
            }
        };
    }

    /** A list that the model itself gave. */
    static Places of(BoundOutput.Items output, ModelBatch batch, int row) {
        return new Places() {
            @Override
            public int size() {
                return output.width();
            }

            @Override
            public int item(int place) {
                return output.item(batch, row, place);
            }

            @Override
            public double score(int place) {
                return output.score(batch, row, place);
            }
        };
    }
}
