package io.scorecast.server.scoring;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests that wait for a thread: single ones first, then those of batches. Threads that took from a batch are counted,
 * so that some are always left for single requests.
 */
final class WaitingRoom {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Queue<ScoreJob> single = new ArrayDeque<>();
    private final Queue<ScoreJob> bulk = new ArrayDeque<>();
    private final int capacity;
    private final int bulkThreads;
    private int busyWithBulk;
    private boolean closed;

    /**
     * @param capacity the most single requests that wait, and the most of batches
     * @param bulkThreads the most threads that work on batches at once
     */
    WaitingRoom(int capacity, int bulkThreads) {
        this.capacity = capacity;
        this.bulkThreads = bulkThreads;
    }

    /** False if too many are waiting, or the service is stopping. */
    boolean offer(ScoreJob job) {
        Queue<ScoreJob> queue = job.bulk() ? bulk : single;
        lock.lock();
        try {
            if (closed || queue.size() >= capacity) {
                return false;
            }
            queue.add(job);
            arrived.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for requests and takes those that wait, all single or all of batches. To be followed by {@link #done}.
     *
     * @return false when the service has stopped and none is left
     */
    boolean take(List<ScoreJob> into, int most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (!single.isEmpty()) {
                    move(single, into, most);
                    return true;
                }
                if (!bulk.isEmpty() && busyWithBulk < bulkThreads) {
                    busyWithBulk++;
                    move(bulk, into, most);
                    return true;
                }
                if (closed && bulk.isEmpty()) {
                    return false;
                }
                arrived.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void move(Queue<ScoreJob> from, List<ScoreJob> into, int most) {
        for (ScoreJob job = from.poll(); job != null; job = into.size() < most ? from.poll() : null) {
            into.add(job);
        }
    }

    /** A thread has finished what it took. */
    void done(List<ScoreJob> taken) {
        if (taken.isEmpty() || !taken.getFirst().bulk()) {
            return;
        }
        lock.lock();
        try {
            busyWithBulk--;
            if (closed) {
                arrived.signalAll();
            } else {
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return single.size() + bulk.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more; what waits is still handed out. */
    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
