package dev.atoll.model.sandbox;

import dev.atoll.model.id.HostId;

/** What has to be done outside because of a transition. Committed with it, carried out after it, possibly more than once. */
public sealed interface Effect {
    HostId host();

    /** Have the host make and start the sandbox. */
    record PrepareOnHost(HostId host) implements Effect {}

    /** Have the host take the sandbox down and remove everything of it. */
    record StopOnHost(HostId host) implements Effect {}
}
