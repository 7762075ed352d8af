package dev.atoll.manager.reconcile;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what is posted one after the other, in order, on threads of {@code executor}. Thread-safe; a post never blocks. */
final class Mailbox {
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    private final Executor executor;
    private final ArrayDeque<Runnable> letters = new ArrayDeque<>();
    private boolean reading;

    Mailbox(Executor executor) {
        this.executor = executor;
    }

    void post(Runnable letter) {
        synchronized (letters) {
            letters.addLast(letter);
            if (reading) {
                return;
            }
            reading = true;
        }
        try {
            executor.execute(this::readAll);
        } catch (RejectedExecutionException closing) {
            LOG.debug("A letter came after the close and is not read.");
        }
    }

    private void readAll() {
        while (true) {
            Runnable letter;
            synchronized (letters) {
                if (letters.isEmpty()) {
                    reading = false;
                    return;
                }
                letter = letters.removeFirst();
            }
            try {
                letter.run();
            } catch (RejectedExecutionException closing) {
                LOG.debug("A letter wanted a thread after the close.");
            } catch (RuntimeException e) {
                LOG.error("A step of the reconciler failed.", e);
            }
        }
    }
}
