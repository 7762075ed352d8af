package dev.atoll.manager.reconcile;

import dev.atoll.manager.host.HostObservation;
import dev.atoll.model.sandbox.Sandbox;

/** A difference between what should be and what a host has. */
sealed interface Finding {
    /** It should run on the host, and the host does not have it. */
    record Lost(Sandbox sandbox) implements Finding {}

    /** The host has it, and it was not among those that should be there when the host was asked: the store has to say. */
    record Unexpected(HostObservation.Present present) implements Finding {}
}
