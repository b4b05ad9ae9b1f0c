package io.scorecast.engine.scorer;

import java.util.List;

/**
 * What is asked about one customer.
 *
 * @param customer the customer's id
 * @param at the instant that the scores are as of, epoch milliseconds
 * @param now the instant at which it is asked, epoch milliseconds: an objection to profiling counts as known now
 * @param exclude ids and category paths that must not be recommended
 */
public record Question(String customer, long at, long now, List<String> exclude) {

    public Question {
        exclude = List.copyOf(exclude);
    }

    /** The plain question: as of now, nothing excluded. */
    public static Question plain(String customer, long now) {
        return new Question(customer, now, now, List.of());
    }
}
