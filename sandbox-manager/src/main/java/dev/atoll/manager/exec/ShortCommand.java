package dev.atoll.manager.exec;

import dev.atoll.manager.host.HostExecs;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.ExecState;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A command of the platform's own in a sandbox: it ends soon and says little. What it says comes from a stranger.
 *
 * @param exitCode what it returned; 128 and the signal's number when a signal ended it, as a shell has it
 * @param stdout the beginning of what it wrote, as UTF-8 with whatever is not replaced
 * @param stderr the same of stderr
 */
public record ShortCommand(int exitCode, String stdout, String stderr) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_BYTES = 64 * 1024;
    private static final int BY_SIGNAL = 128;

    /** Runs it to its end. Throws what starting an exec throws, and {@code deadline_exceeded} when it does not end. */
    public static ShortCommand run(HostExecs execs, SandboxId sandbox, ExecId id, ExecSpec spec) {
        Exec exec = execs.start(sandbox, id, spec.withTimeout(PATIENCE), PATIENCE.plusSeconds(5));
        if (exec.state() == ExecState.RUNNING || exec.end().isEmpty()) {
            throw Problem.of(
                            ProblemCode.DEADLINE_EXCEEDED,
                            "The sandbox did not answer within " + PATIENCE.toSeconds() + " s.",
                            "It may be out of CPU; ask again.")
                    .asException();
        }
        int code = exec.end()
                .get()
                .exitCode()
                .orElse(BY_SIGNAL + exec.end().get().signal().orElse(0));
        return new ShortCommand(
                code, beginning(execs, exec, StreamChoice.STDOUT), beginning(execs, exec, StreamChoice.STDERR));
    }

    /** The beginning of what an exec has written so far. */
    public static String beginning(HostExecs execs, Exec exec, StreamChoice stream) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean more = true;
        while (more && bytes.size() < MOST_BYTES) {
            OutputPage page = execs.read(
                    exec.sandbox(),
                    exec.id(),
                    new OutputQuery(stream, bytes.size(), MOST_BYTES - bytes.size(), Duration.ZERO));
            page.frames().forEach(frame -> bytes.writeBytes(frame.bytes()));
            more = !page.frames().isEmpty();
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
