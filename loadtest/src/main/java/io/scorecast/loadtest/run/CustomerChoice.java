package io.scorecast.loadtest.run;

import io.scorecast.loadtest.run.Scenario.Choice;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Whom the next request is about. The same load asks for the same customers in the same order each time. */
final class CustomerChoice {

    private final int customers;
    private final Choice choice;
    private final SplittableRandom random = new SplittableRandom(7);

    /** Of {@code ZIPF}: up to each customer, the sum of 1/n. */
    private final double[] sums;

    /** By how often they were asked for already: when they are due again and who, in turns. */
    private final LongQueue[] again;

    private int next;

    CustomerChoice(int customers, Choice choice) {
        this.customers = customers;
        this.choice = choice;
        this.sums = new double[choice.order() == Scenario.Order.ZIPF ? customers : 0];
        double sum = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += 1.0 / (i + 1);
            sums[i] = sum;
        }
        this.again = new LongQueue[choice.times() - 1];
        for (int i = 0; i < again.length; i++) {
            again[i] = new LongQueue();
        }
    }

    /**
     * Chooses. Who is due to be asked for again comes first.
     *
     * @param now nanoseconds of the request's intended time
     */
    int next(long now) {
        for (int asked = again.length; asked > 0; asked--) {
            LongQueue queue = again[asked - 1];
            if (!queue.isEmpty() && queue.first() - now <= 0) {
                queue.poll();
                int customer = (int) queue.poll();
                askAgain(customer, asked + 1, now);
                return customer;
            }
        }
        int customer = another();
        askAgain(customer, 1, now);
        return customer;
    }

    private void askAgain(int customer, int asked, long now) {
        if (asked < choice.times()) {
            again[asked - 1].add(now + choice.within().toNanos() / (choice.times() - 1));
            again[asked - 1].add(customer);
        }
    }

    private int another() {
        return switch (choice.order()) {
            case UNIFORM -> random.nextInt(customers);
            case IN_TURN -> {
                int customer = next;
                next = next + 1 == customers ? 0 : next + 1;
                yield customer;
            }
            case ZIPF -> {
                int found = Arrays.binarySearch(sums, random.nextDouble() * sums[customers - 1]);
                yield found < 0 ? Math.min(-found - 1, customers - 1) : found;
            }
        };
    }
}
