package dev.atoll.hostagent.pool;

import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.model.sandbox.SandboxStart;

/** What the pool had for someone. A box that was taken is the taker's to destroy. */
public sealed interface Taken {
    /** One that runs, and whose guest answers. */
    record Ready(HostedBox box) implements Taken {}

    /** One that has booted and is to be started. */
    record Booted(HostedBox box) implements Taken {}

    /** None, and why. */
    record Nothing(SandboxStart why) implements Taken {}
}
