package dev.atoll.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been opened, to be closed in reverse, each however the others fare. Thread-safe. */
final class Opened implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Opened.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    synchronized <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public void close() {
        AutoCloseable part = next();
        while (part != null) {
            close(part);
            part = next();
        }
    }

    private synchronized @org.jspecify.annotations.Nullable AutoCloseable next() {
        return parts.poll();
    }

    @SuppressWarnings("InterruptedExceptionSwallowed") // the rest has to be closed all the same; the mark is set again
    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.error("{} could not be closed in order", part.getClass().getSimpleName(), e);
        }
    }
}
