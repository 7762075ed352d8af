package dev.atoll.manager.exec;

import dev.atoll.manager.host.OutputReader;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Every client that stays connected to an exec, whichever way it came. One that leaves ends its attachment and nothing else. Thread-safe;
 * closing it ends every attachment with a problem that says so.
 */
public final class Attachments implements AutoCloseable {
    /** At a time, of all execs together. */
    public static final int MOST = 2_000;

    /** How long clients have to be told that the platform stops; one that does not read is not waited for longer. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Execs execs;
    private final Set<Attachment> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock leaving = new ReentrantLock();
    private final Condition left = leaving.newCondition();
    private volatile boolean closing;

    public Attachments(Execs execs, MeterRegistry metrics) {
        this.execs = execs;
        metrics.gaugeCollectionSize("atoll.exec.attachments", List.of(), open);
    }

    /** Attaches to the output at an offset. The caller closes it. Throws {@code capacity}, and what {@link Execs#follow} throws. */
    public Attachment open(Caller caller, SandboxId sandbox, ExecId exec, StreamChoice stream, long offset) {
        if (closing) {
            throw shuttingDown();
        }
        if (open.size() >= MOST) {
            throw Problem.of(
                            ProblemCode.CAPACITY,
                            "The platform sends " + MOST + " streams already.",
                            "Read pages instead: Accept: application/json, with wait.")
                    .asException();
        }
        OutputReader reader = execs.follow(caller, sandbox, exec, stream, offset);
        Attachment attached = new Attachment(this, execs, reader, caller, sandbox, exec);
        open.add(attached);
        if (closing) {
            attached.close();
            throw shuttingDown();
        }
        return attached;
    }

    void closed(Attachment attachment) {
        open.remove(attachment);
        leaving.lock();
        try {
            left.signalAll();
        } finally {
            leaving.unlock();
        }
    }

    boolean isClosing() {
        return closing;
    }

    static ProblemException shuttingDown() {
        return Problem.of(
                        ProblemCode.SHUTTING_DOWN,
                        "The platform is shutting down.",
                        "Connect again later at the last offset; the process and its output stay.")
                .asException();
    }

    /** Tells every client that the platform stops, and waits for a moment until they have been told: whoever carries them may end then. */
    @Override
    public void close() {
        closing = true;
        open.forEach(Attachment::wake);
        leaving.lock();
        try {
            long nanos = LAST_WORDS.toNanos();
            while (!open.isEmpty() && nanos > 0) {
                nanos = left.awaitNanos(nanos);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            leaving.unlock();
        }
    }
}
