package io.scorecast.engine.pair;

import io.scorecast.engine.event.EventType;
import io.scorecast.engine.feature.Decay;
import io.scorecast.engine.profile.Profile;
import java.util.Arrays;

/**
 * What a customer bought of a list's items, gathered in one pass. Its unit is an order with the item in it (a purchase
 * without an order is one by itself), which counts if more was bought than returned in it. Reused from profile to profile.
 */
final class History {

    private final CandidateList list;
    private final long[] halfLives;

    /** How many orders kept each item, and the times of the first and last of them. */
    private final int[] count;

    private final long[] first;
    private final long[] last;

    /** By half-life, by item: the orders' weights. */
    private final double[][] decayed;

    private final double[] decayedOrders;

    /** The items with a count, as they were found. */
    private final int[] bought;

    private int boughtItems;

    /** Orders and, of each, the items in them; an order itself stands under the item behind the last one. */
    private long[] key = new long[64];

    private long[] time = new long[64];
    private int[] balance = new int[64];
    private int[] slotOf = new int[64];
    private int units;
    private int[] slots = new int[256];

    private long[] orderTimes = new long[64];
    private int orders;
    private long instant;

    History(CandidateList list, long[] halfLives) {
        this.list = list;
        this.halfLives = halfLives;
        int items = list.items().size();
        count = new int[items];
        first = new long[items];
        last = new long[items];
        decayed = new double[halfLives.length][items];
        decayedOrders = new double[halfLives.length];
        bought = new int[items];
    }

    void fill(Profile profile) {
        forget();
        instant = profile.instant();
        int orderItself = list.items().size();
        for (int event = 0; event < profile.size(); event++) {
            boolean purchase = profile.type(event) == EventType.PURCHASE.ordinal();
            if (!purchase && profile.type(event) != EventType.RETURN.ordinal()) {
                continue;
            }
            int order = profile.order(event) == Profile.NONE ? -1 - event : profile.order(event);
            add(orderItself, order, purchase ? 1 : -1, profile.time(event));
            int item = list.item(profile, event);
            if (item >= 0) {
                add(item, order, purchase ? 1 : -1, profile.time(event));
            }
        }
        for (int unit = 0; unit < units; unit++) {
            if (balance[unit] > 0) {
                count((int) (key[unit] >>> 32), time[unit]);
            }
        }
        Arrays.sort(orderTimes, 0, orders);
    }

    private void forget() {
        for (int i = 0; i < boughtItems; i++) {
            int item = bought[i];
            count[item] = 0;
            for (double[] weights : decayed) {
                weights[item] = 0;
            }
        }
        boughtItems = 0;
        orders = 0;
        Arrays.fill(decayedOrders, 0);
        // Slot by slot: a table that one long history made large must not cost every one after it.
        for (int unit = 0; unit < units; unit++) {
            slots[slotOf[unit]] = 0;
        }
        units = 0;
    }

    /** Adds to an order's unit. Events come in order of time, so that the last purchase says when it was. */
    private void add(int item, int order, int pieces, long at) {
        if (units == key.length) {
            grow();
        }
        long wanted = ((long) item << 32) | (order & 0xffff_ffffL);
        int slot = slot(wanted);
        int unit = slots[slot] - 1;
        if (unit < 0) {
            unit = units++;
            slots[slot] = units;
            slotOf[unit] = slot;
            key[unit] = wanted;
            balance[unit] = 0;
        }
        balance[unit] += pieces;
        if (pieces > 0) {
            time[unit] = at;
        }
    }

    private int slot(long wanted) {
        int mask = slots.length - 1;
        int slot = (int) ((wanted * 0x9E37_79B9_7F4A_7C15L) >>> 40) & mask;
        while (slots[slot] != 0 && key[slots[slot] - 1] != wanted) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        int capacity = 2 * key.length;
        key = Arrays.copyOf(key, capacity);
        time = Arrays.copyOf(time, capacity);
        balance = Arrays.copyOf(balance, capacity);
        slotOf = new int[capacity];
        slots = new int[4 * capacity];
        for (int unit = 0; unit < units; unit++) {
            slotOf[unit] = slot(key[unit]);
            slots[slotOf[unit]] = unit + 1;
        }
    }

    private void count(int item, long at) {
        if (item == count.length) {
            if (orders == orderTimes.length) {
                orderTimes = Arrays.copyOf(orderTimes, 2 * orders);
            }
            orderTimes[orders++] = at;
            for (int h = 0; h < halfLives.length; h++) {
                decayedOrders[h] += Decay.weight(instant - at, halfLives[h]);
            }
            return;
        }
        if (count[item]++ == 0) {
            bought[boughtItems++] = item;
            first[item] = at;
            last[item] = at;
        }
        first[item] = Math.min(first[item], at);
        last[item] = Math.max(last[item], at);
        for (int h = 0; h < halfLives.length; h++) {
            decayed[h][item] += Decay.weight(instant - at, halfLives[h]);
        }
    }

    /** How many different items were bought. */
    int boughtItems() {
        return boughtItems;
    }

    /** The i-th of them. */
    int bought(int i) {
        return bought[i];
    }

    int count(int item) {
        return count[item];
    }

    /** Milliseconds since an item was bought last, if it ever was. */
    long sinceLast(int item) {
        return instant - last[item];
    }

    /** Milliseconds since an item was bought first, if it ever was. */
    long sinceFirst(int item) {
        return instant - first[item];
    }

    int orders() {
        return orders;
    }

    /** The orders after the last one with an item, if it was ever bought. */
    int ordersSince(int item) {
        int low = 0;
        int high = orders;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (orderTimes[middle] <= last[item]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return orders - low;
    }

    /** The weights of an item's orders. */
    double decayed(int halfLife, int item) {
        return decayed[halfLife][item];
    }

    /** The weights of all orders. */
    double decayedOrders(int halfLife) {
        return decayedOrders[halfLife];
    }
}
