package io.scorecast.server.audience;

import java.util.PriorityQueue;

/** Keeps the best of all customers seen; among equals those who came first. Owned by one thread. */
final class Ranking {

    private final int most;
    private final PriorityQueue<Entry> worstFirst;

    record Entry(String customer, double number) {}

    Ranking(int most) {
        this.most = most;
        // Customers come in order of their ids, so of equals the greatest id is the worst.
        this.worstFirst = new PriorityQueue<>((a, b) -> {
            int byNumber = Double.compare(a.number(), b.number());
            return byNumber != 0 ? byNumber : b.customer().compareTo(a.customer());
        });
    }

    /** Takes a customer; one without a number is never among the best. */
    void add(String customer, double number) {
        if (Double.isNaN(number)) {
            return;
        }
        if (worstFirst.size() == most) {
            Entry worst = worstFirst.element();
            if (number <= worst.number()) {
                return;
            }
            worstFirst.remove();
        }
        worstFirst.add(new Entry(customer, number));
    }

    Iterable<Entry> best() {
        return worstFirst;
    }

    int size() {
        return worstFirst.size();
    }
}
