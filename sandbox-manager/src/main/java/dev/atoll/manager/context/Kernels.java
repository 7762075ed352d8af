package dev.atoll.manager.context;

import dev.atoll.manager.exec.ShortCommand;
import dev.atoll.manager.host.HostExecs;
import dev.atoll.model.context.CodeContext;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Starts, ends and looks at the processes that are kernels. Stateless. */
final class Kernels {
    static final int SIGINT = 2;
    static final int SIGKILL = 9;

    /** How long a kernel may take until it can be given code. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);

    private static final int PAGE_BYTES = 64 << 10;

    /** Bytes that a kernel may write before it says that it is ready. */
    private static final int MAX_PROLOGUE = 1 << 20;

    private static final int SHOWN = 1_000;

    private Kernels() {}

    /** Starts the kernel that the context names, and returns when it can be given code. Throws {@code kernel_failed}. */
    static void start(HostExecs execs, CodeContext context) {
        execs.start(context.sandbox(), context.kernel(), context.spec().process(context.argv()), Duration.ZERO);
        awaitReady(execs, context.sandbox(), context.kernel());
    }

    private static void awaitReady(HostExecs execs, SandboxId sandbox, ExecId kernel) {
        long end = System.nanoTime() + START_PATIENCE.toNanos();
        LineSplitter lines = new LineSplitter(false);
        boolean[] ready = {false};
        OutputPage page = new OutputPage(List.of(), 0, false);
        while (!ready[0]) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (page.eof() || !left.isPositive() || page.nextOffset() > MAX_PROLOGUE) {
                throw failed(execs, sandbox, kernel);
            }
            page = execs.read(
                    sandbox, kernel, new OutputQuery(StreamChoice.STDOUT, page.nextOffset(), PAGE_BYTES, left));
            for (OutputFrame frame : page.frames()) {
                lines.take(
                        frame.bytes(),
                        (line, _) -> ready[0] |= KernelLines.read(line)
                                .filter(KernelLine.Ready.class::isInstance)
                                .isPresent());
            }
        }
    }

    private static ProblemException failed(HostExecs execs, SandboxId sandbox, ExecId kernel) {
        Exec exec = execs.exec(sandbox, kernel, Duration.ofSeconds(2));
        String what = exec.end()
                .map(KernelEnds::text)
                .orElse("It has not said within " + START_PATIENCE.toSeconds() + " s that it is ready.");
        String error = exec.end().flatMap(ExecEnd::error).orElse("");
        String said = ShortCommand.beginning(execs, exec, StreamChoice.STDERR).strip();
        kill(execs, sandbox, kernel);
        return Problem.of(
                        ProblemCode.KERNEL_FAILED,
                        "The kernel did not start. " + what + (error.isEmpty() ? "" : " " + error)
                                + (said.isEmpty()
                                        ? ""
                                        : " Its stderr: " + said.substring(0, Math.min(SHOWN, said.length()))),
                        "See that what its descriptor starts runs in the sandbox, as the context's user and with its environment.")
                .withNext("GET /v1/sandboxes/" + sandbox + "/execs/" + kernel + "/output")
                .asException();
    }

    /** Whether a context's kernel has ended. One that nobody knows never lived. */
    static boolean isDead(HostExecs execs, CodeContext context) {
        return look(execs, context.sandbox(), context.kernel())
                .map(kernel -> kernel.end().isPresent())
                .orElse(true);
    }

    static Optional<Exec> look(HostExecs execs, SandboxId sandbox, ExecId kernel) {
        try {
            return Optional.of(execs.exec(sandbox, kernel, Duration.ZERO));
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.EXEC_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Ends a kernel with all that it has started; harmless when it has ended. */
    static void kill(HostExecs execs, SandboxId sandbox, ExecId kernel) {
        signal(execs, sandbox, kernel, SIGKILL, SignalTarget.TREE);
    }

    /** Interrupts what a kernel runs; it passes that on to what the code has started. */
    static void interrupt(HostExecs execs, SandboxId sandbox, ExecId kernel) {
        signal(execs, sandbox, kernel, SIGINT, SignalTarget.PROCESS);
    }

    private static void signal(HostExecs execs, SandboxId sandbox, ExecId kernel, int signo, SignalTarget target) {
        try {
            execs.signal(sandbox, kernel, signo, target);
        } catch (ProblemException e) {
            ProblemCode code = e.problem().code();
            if (code != ProblemCode.EXEC_ENDED && code != ProblemCode.EXEC_NOT_FOUND) {
                throw e;
            }
        }
    }
}
