package dev.atoll.manager.host;

import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.SandboxSpec;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A host's sandboxes. Commands name the generation they mean; a host that has seen a newer one refuses with {@code stale_generation}.
 * Commands may be repeated. A call that a thread waits in ends with {@code host_unavailable} when the thread is interrupted; whether the
 * host did it is then not known, as it is after {@code deadline_exceeded}.
 */
public interface HostSandboxes {
    /**
     * Makes a sandbox and starts it; answers when commands can be run in it. A problem other than the two above means that nothing is left
     * of it.
     */
    PreparedSandbox prepare(SandboxId sandbox, long generation, SandboxSpec spec);

    /**
     * The same of a box that is kept ready, at once; empty, with nothing done, when none is. Whoever asks this before the sandbox is on
     * record writes it down right after, or {@linkplain #giveBack gives it back}.
     */
    Optional<PreparedSandbox> claim(SandboxId sandbox, long generation, SandboxSpec spec);

    /**
     * Takes down what was made by a {@link #claim} in this generation and never came on record; answers when nothing is left of it. It may
     * be claimed or prepared anew.
     */
    void giveBack(SandboxId sandbox, long generation);

    /** Takes a sandbox down; answers when nothing is left of it. One that the host does not know is answered alike. */
    void stop(SandboxId sandbox, long generation);

    /**
     * Reports first what the host has, then that this is all, then every change as it happens, until the watch is closed or {@link
     * HostObservation.Broken} was reported. {@code sink} is called by one thread at a time, in order; it must not block.
     */
    Watch observe(Consumer<HostObservation> sink);

    /** An observation that goes on. */
    interface Watch extends AutoCloseable {
        /** Ends it; a report that is on its way may still come. Harmless when called twice. */
        @Override
        void close();
    }
}
