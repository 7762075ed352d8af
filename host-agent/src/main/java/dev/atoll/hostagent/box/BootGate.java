package dev.atoll.hostagent.box;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds how many boxes boot at the same time: more would make each of them slower and none of them earlier. A boot that somebody waits
 * for goes before those that are made ahead of need, which pass only while nobody waits. Thread-safe.
 */
public final class BootGate {
    private final int most;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition changed = lock.newCondition();
    private int wantedInside;
    private int wantedOutside;
    private int aheadInside;

    /** How urgent a boot is. */
    public enum Urgency {
        /** Somebody waits for it. */
        WANTED,
        /** It is made ahead of need. */
        AHEAD
    }

    /** The right to boot, to be given back. */
    public interface Permit extends AutoCloseable {
        @Override
        void close();
    }

    /** At most {@code most} boots at a time, at least 1. */
    public BootGate(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("a gate that lets nobody pass");
        }
        this.most = most;
    }

    /** Waits for its turn, the first to come first. */
    public Permit enter(Urgency urgency) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            switch (urgency) {
                case WANTED -> enterWanted();
                case AHEAD -> enterAhead();
            }
        } finally {
            lock.unlock();
        }
        return () -> leave(urgency);
    }

    /** Boots that somebody waits for: under way and waiting for their turn. */
    public int wanted() {
        lock.lock();
        try {
            return wantedInside + wantedOutside;
        } finally {
            lock.unlock();
        }
    }

    private void enterWanted() throws InterruptedException {
        wantedOutside++;
        try {
            while (wantedInside + aheadInside >= most) {
                changed.await();
            }
            wantedInside++;
        } finally {
            wantedOutside--;
        }
    }

    private void enterAhead() throws InterruptedException {
        while (wantedInside + wantedOutside > 0 || aheadInside >= most) {
            changed.await();
        }
        aheadInside++;
    }

    private void leave(Urgency urgency) {
        lock.lock();
        try {
            switch (urgency) {
                case WANTED -> wantedInside--;
                case AHEAD -> aheadInside--;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
