package dev.atoll.hostagent.output;

import dev.atoll.model.exec.StdStream;

/** Tells the guest how much of a stream it may forget. */
@FunctionalInterface
public interface Acknowledger {
    /**
     * Bytes below {@code offset} are kept. Called from any thread, in rising order for a stream, one call at a time; must not block for
     * long.
     */
    void acknowledge(StdStream stream, long offset);
}
