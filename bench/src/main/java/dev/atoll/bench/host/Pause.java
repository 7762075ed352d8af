package dev.atoll.bench.host;

/** Lets time pass where nothing can be waited for, such as between two questions to an API; never within what is timed. */
@FunctionalInterface
public interface Pause {
    /** Returns after about so many milliseconds, or at once when the thread is interrupted. */
    void millis(long millis);
}
