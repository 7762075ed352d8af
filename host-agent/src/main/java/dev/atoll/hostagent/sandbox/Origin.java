package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.SandboxStart;
import java.time.Duration;
import java.time.Instant;

/** Where a sandbox of this life of the agent comes from. */
sealed interface Origin {
    /** It is to be made. */
    record Wanted() implements Origin {}

    /** It is to be made of this box, which stood ready. */
    record Claimed(HostedBox box) implements Origin {}

    /**
     * An earlier life had it running.
     *
     * @param box of that life; its link waits for an attach
     * @param start how it came to run then
     */
    record Adopted(HostedBox box, SandboxStart start) implements Origin {}

    /**
     * It ended by itself in an earlier life.
     *
     * @param at when
     * @param left how long its execs can still be read
     */
    record EndedBefore(EndReason reason, String detail, Instant at, Duration left) implements Origin {}
}
