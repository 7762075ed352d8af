package dev.atoll.manager.outbox;

import dev.atoll.manager.timer.Timers;
import dev.atoll.model.id.SandboxId;
import org.jspecify.annotations.Nullable;

/**
 * One sandbox's way through the outbox: at most one effect is carried out at a time, and only the newest one waits, because a newer effect
 * makes the older ones void. Guarded by the lock of {@link EffectLanes}.
 */
final class EffectLane {
    final SandboxId sandbox;

    /** What waits to be carried out. */
    @Nullable
    Work next;

    /** What is being carried out. */
    @Nullable
    Work current;

    /** The thread that waits for the host, as long as that may be cut short. */
    @Nullable
    Thread waiting;

    /** Set while {@code next} waits for its next attempt. */
    Timers.@Nullable Timer pause;

    /** Something newer came after {@code current} was taken and before its thread began. */
    boolean cut;

    int failures;

    EffectLane(SandboxId sandbox) {
        this.sandbox = sandbox;
    }

    /** Cuts the host call short, if one is going on or about to begin. */
    void interrupt() {
        if (waiting != null) {
            waiting.interrupt();
        } else {
            cut = current != null;
        }
    }

    void endPause() {
        if (pause != null) {
            pause.cancel();
            pause = null;
        }
    }
}
