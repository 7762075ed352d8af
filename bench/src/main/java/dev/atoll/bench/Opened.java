package dev.atoll.bench;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** What was opened, to be closed in reverse: by the run when it is over, or earlier when this process is told to end. Safe for threads. */
final class Opened implements AutoCloseable {
    private final Deque<Part> parts = new ArrayDeque<>();
    private final Consumer<String> complaints;

    /** @param complaints told of what cannot be closed, which keeps nothing else from being closed */
    Opened(Consumer<String> complaints) {
        this.complaints = complaints;
    }

    /** Something to close. */
    @FunctionalInterface
    interface Part {
        void close() throws IOException;
    }

    synchronized void add(Part part) {
        parts.push(part);
    }

    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (IOException | RuntimeException failed) {
                complaints.accept("not all could be removed: " + failed.getMessage());
            }
        }
    }
}
