package dev.atoll.manager.timer;

import java.time.Instant;

/** Runs actions at a time. Actions run on threads of their own kind and may block; what they throw is logged. Thread-safe. */
public interface Timers {
    /** Runs {@code action} once at {@code when}, or at once when that is past. */
    Timer at(Instant when, Runnable action);

    /** An action to come. */
    interface Timer {
        /** Keeps the action from running if it has not begun. */
        void cancel();
    }
}
