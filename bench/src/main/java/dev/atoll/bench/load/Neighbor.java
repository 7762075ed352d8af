package dev.atoll.bench.load;

import dev.atoll.bench.rest.Sandboxes;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A sandbox that runs a script, and is made anew whenever it ends, until it is closed. Its thread is its own. */
final class Neighbor implements AutoCloseable {
    private final Sandboxes sandboxes;
    private final byte[] request;
    private final byte[] command;
    private final AtomicInteger lives = new AtomicInteger();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;

    Neighbor(Sandboxes sandboxes, byte[] request, String script) {
        this.sandboxes = sandboxes;
        this.request = request;
        this.command = Sandboxes.command(List.of("/bin/sh", "-c", script + " >/dev/null 2>&1"));
        this.thread = Thread.ofVirtual().start(this::live);
    }

    private void live() {
        while (!stopped) {
            try {
                String id = sandboxes.create(request).id();
                lives.incrementAndGet();
                try {
                    sandboxes.start(id, command);
                    while (!stopped && sandboxes.runsOn(id)) {
                        // Asked again.
                    }
                } finally {
                    sandboxes.delete(id);
                }
            } catch (IOException failed) {
                failures.add("a neighbor: " + failed.getMessage());
                if (failures.size() > 10) {
                    return;
                }
            }
        }
    }

    /** How many sandboxes it has had. */
    int lives() {
        return lives.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Returns when its last sandbox is gone. */
    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
