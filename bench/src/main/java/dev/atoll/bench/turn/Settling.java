package dev.atoll.bench.turn;

import java.io.IOException;

/** Waits until nothing that an operation set off goes on behind its back, so that it is not at work during the turn of another. */
@FunctionalInterface
public interface Settling {
    /** Returns when all is quiet. */
    void await() throws IOException;
}
