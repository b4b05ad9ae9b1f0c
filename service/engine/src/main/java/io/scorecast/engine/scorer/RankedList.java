package io.scorecast.engine.scorer;

import io.scorecast.engine.model.BoundOutput;
import io.scorecast.engine.model.ItemVocabulary;
import io.scorecast.engine.model.ModelBatch;
import io.scorecast.engine.model.Rounding;
import io.scorecast.engine.pair.Pairs;
import io.scorecast.engine.prediction.Item;
import io.scorecast.engine.prediction.ItemList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The candidates of one list in the order of their scores; of equal ones the first candidate. Reused from row to row. */
final class RankedList implements Places {

    private final BoundOutput.Ranked output;
    private long[] order = {};
    private int[] items = {};
    private double[] scores = {};
    private int size;

    RankedList(BoundOutput.Ranked output) {
        this.output = output;
    }

    /**
     * Takes over the scores of a customer's pairs.
     *
     * @param from the row of the customer's first pair
     * @return false if one is not finite
     */
    boolean rank(Pairs pairs, ModelBatch batch, int from) {
        int first = pairs.first(output.list());
        size = pairs.last(output.list()) - first;
        if (order.length < size) {
            order = new long[size];
            items = new int[size];
            scores = new double[size];
        }
        for (int i = 0; i < size; i++) {
            float score = (float) output.raw(batch, from + first + i);
            if (!Float.isFinite(score)) {
                return false;
            }
            int bits = Float.floatToIntBits(score);
            int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
            order[i] = ((long) ~ascending << 32) | i;
        }
        Arrays.sort(order, 0, size);
        for (int place = 0; place < size; place++) {
            int candidate = (int) order[place];
            items[place] = pairs.item(first + candidate) + 1;
            scores[place] = Rounding.sixDigits(output.raw(batch, from + first + candidate));
        }
        return true;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int item(int place) {
        return items[place];
    }

    @Override
    public double score(int place) {
        return scores[place];
    }

    /** How many are shown. */
    int top() {
        return output.spec().top();
    }

    /** The first ones. */
    ItemList best(int most) {
        ItemVocabulary vocabulary = output.spec().vocabulary();
        int count = Math.min(most, size);
        List<Item> found = new ArrayList<>(count);
        List<Double> numbers = new ArrayList<>(count);
        for (int place = 0; place < count; place++) {
            found.add(ItemRanking.item(vocabulary, items[place]));
            numbers.add(scores[place]);
        }
        return new ItemList(found, numbers);
    }
}
