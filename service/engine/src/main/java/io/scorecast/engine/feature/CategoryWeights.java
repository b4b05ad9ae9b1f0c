package io.scorecast.engine.feature;

import io.scorecast.engine.profile.Profile;
import io.scorecast.engine.profile.Vocabulary;

/**
 * What a customer likes: decayed counts of the categories of a vocabulary, returns subtracted, none below 0. As shares of
 * their sum, or as the index (from 1) of the largest.
 *
 * @param level how many segments of an event's category path are looked up
 * @param halfLife milliseconds; 0 for no decay
 */
record CategoryWeights(boolean top, Source source, Vocabulary vocabulary, int level, long halfLife)
        implements Definition {

    @Override
    public FeatureType type() {
        return top ? FeatureType.NUMBER : FeatureType.VECTOR;
    }

    @Override
    public int width() {
        return top ? 1 : vocabulary.size();
    }

    @Override
    public Computation bind(Planner planner, int[] inputs, int at) {
        int range = planner.range(source);
        return work -> {
            double[] weights = weights(work, range);
            if (top) {
                work.set(at, largest(work, range, weights));
            } else {
                shares(work, weights, at);
            }
        };
    }

    private double[] weights(Workspace work, int range) {
        double[] weights = work.scratch(vocabulary.size());
        for (int i = 0; i < vocabulary.size(); i++) {
            weights[i] = 0;
        }
        for (int i = 0; i < work.size(range); i++) {
            int word = word(work, range, i);
            if (word >= 0) {
                double weight = Decay.weight(work.instant() - work.profile().time(work.event(range, i)), halfLife);
                weights[word] += work.returned(range, i) ? -weight : weight;
            }
        }
        return weights;
    }

    private int word(Workspace work, int range, int i) {
        int category = work.profile().category(work.event(range, i));
        return category == Profile.NONE ? -1 : work.profile().indexOfAncestor(vocabulary, category, level);
    }

    private void shares(Workspace work, double[] weights, int at) {
        double sum = 0;
        for (int i = 0; i < vocabulary.size(); i++) {
            sum += Math.max(weights[i], 0);
        }
        for (int i = 0; i < vocabulary.size(); i++) {
            work.set(at + i, sum > 0 ? Math.max(weights[i], 0) / sum : 0);
        }
    }

    private double largest(Workspace work, int range, double[] weights) {
        double most = 0;
        for (int i = 0; i < vocabulary.size(); i++) {
            most = Math.max(most, weights[i]);
        }
        if (most <= 0) {
            return 0;
        }
        for (int i = work.size(range) - 1; i >= 0; i--) {
            int word = work.returned(range, i) ? -1 : word(work, range, i);
            if (word >= 0 && weights[word] == most) {
                return word + 1;
            }
        }
        return 0;
    }
}
