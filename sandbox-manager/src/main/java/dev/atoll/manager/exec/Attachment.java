package dev.atoll.manager.exec;

import dev.atoll.manager.host.InputAccepted;
import dev.atoll.manager.host.InputAppended;
import dev.atoll.manager.host.OutputReader;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One client's tie to an exec: its output from an offset on, and the way to its input. Back-pressure reaches the process, since nothing is
 * read from a host before the client took the last page. {@link #follow} is for one thread, input for one other; {@link #close} for any.
 */
public final class Attachment implements AutoCloseable {
    /** Silence after which the client is shown that it is still attached. */
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    /**
     * How long input waits for a process that does not read, before what another client sends may come between: bytes of one call that
     * were taken later than this may be apart.
     */
    private static final Duration INPUT_PATIENCE = Duration.ofSeconds(10);

    /** The last byte is there a moment before the end of its exec is known; this long is waited for the latter. */
    private static final Duration END_AFTER_OUTPUT = Duration.ofSeconds(10);

    private final Attachments all;
    private final Execs execs;
    private final OutputReader reader;
    private final Caller caller;
    private final SandboxId sandbox;
    private final ExecId exec;
    private volatile boolean closed;

    Attachment(Attachments all, Execs execs, OutputReader reader, Caller caller, SandboxId sandbox, ExecId exec) {
        this.all = all;
        this.execs = execs;
        this.reader = reader;
        this.caller = caller;
        this.sandbox = sandbox;
        this.exec = exec;
    }

    /** Waits for the first page, so that a problem can be told before anything is sent. Empty when there is none in that time. */
    public Optional<OutputPage> first(Duration patience) {
        return reader.next(patience);
    }

    /** Sends everything, from {@code first} on, and then the end; or, when it cannot go on, the problem. Returns early when closed. */
    public void follow(Optional<OutputPage> first, FollowedOutput out) throws IOException {
        try {
            Optional<OutputPage> page = first;
            while (page.isEmpty() || !page.get().eof()) {
                if (page.isPresent()) {
                    out.page(page.get());
                }
                page = reader.next(KEEP_ALIVE);
                if (all.isClosing()) {
                    throw Attachments.shuttingDown();
                }
                if (closed) {
                    return;
                }
                if (page.isEmpty()) {
                    out.keepAlive();
                }
            }
            out.page(page.get());
            out.end(execs.get(caller, sandbox, exec, END_AFTER_OUTPUT));
        } catch (ProblemException e) {
            out.broken(all.isClosing() ? Attachments.shuttingDown().problem() : e.problem());
        }
    }

    /**
     * Sends input, at an offset or behind everything that was sent before, and returns when the process has taken it or the attachment is
     * closed. Bytes below the present offset are known and dropped. Throws {@code input_gap}, {@code input_closed} or {@code exec_ended}.
     */
    public InputAccepted input(OptionalLong offset, byte[] data, boolean close) {
        byte[] left = data;
        OptionalLong at = offset;
        while (true) {
            long from;
            InputAccepted accepted;
            if (at.isPresent()) {
                from = at.getAsLong();
                accepted = execs.write(caller, sandbox, exec, from, left, close, INPUT_PATIENCE);
            } else {
                InputAppended appended = execs.append(caller, sandbox, exec, left, close, INPUT_PATIENCE);
                from = appended.offset();
                accepted = new InputAccepted(appended.nextOffset(), appended.closed());
            }
            int taken = (int) Math.clamp(accepted.nextOffset() - from, 0, left.length);
            if (taken == left.length || accepted.closed() || closed) {
                return accepted;
            }
            left = Arrays.copyOfRange(left, taken, left.length);
            at = at.isPresent() ? OptionalLong.of(from + taken) : at;
        }
    }

    /** Sets the size of the terminal. Throws {@code not_a_terminal} or {@code exec_ended}. */
    public void resize(TerminalSize size) {
        execs.resize(caller, sandbox, exec, size);
    }

    /** Sends a signal. Throws {@code exec_ended}. */
    public void signal(int signo, SignalTarget target) {
        execs.signal(caller, sandbox, exec, signo, target, Optional.empty());
    }

    /** Ends a wait for output, so that {@link #follow} looks whether to go on. */
    void wake() {
        reader.close();
    }

    /** Lets go of the exec, which goes on. Harmless when called twice. */
    @Override
    public void close() {
        closed = true;
        all.closed(this);
        reader.close();
    }
}
