package dev.atoll.bench.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What can be seen of the platform's sandboxes and execs from outside. */
interface World {
    /**
     * A sandbox as the platform describes it.
     *
     * @param tag its client's name for it
     * @param reason why it ended; empty while it has not
     */
    record SandboxSeen(String id, String tag, String state, String reason) {
        boolean hasEnded() {
            return state.equals("stopped") || state.equals("failed");
        }
    }

    /**
     * An exec as the platform describes it.
     *
     * @param reason why it ended; empty while it has not
     * @param exitCode -1 when there is none
     * @param signal empty when there is none
     */
    record ExecSeen(String state, String reason, int exitCode, String signal, long stdoutBytes, long stderrBytes) {}

    /** Which output. */
    enum Stream {
        STDOUT,
        STDERR
    }

    /** All sandboxes of this run, ended ones among them. */
    List<SandboxSeen> sandboxes() throws IOException;

    /** An exec; empty when the platform knows of none. */
    Optional<ExecSeen> exec(String sandbox, String exec) throws IOException;

    /** Output from an offset to its present end, or to some place before it; empty at the end. */
    byte[] output(String sandbox, String exec, Stream stream, long from) throws IOException;

    /** The same, but waits some seconds for more when there is nothing yet. */
    byte[] awaitOutput(String sandbox, String exec, Stream stream, long from) throws IOException;

    /** The tags that processes in a sandbox wrote down when they started, in that order. */
    List<String> started(String sandbox) throws IOException;
}
