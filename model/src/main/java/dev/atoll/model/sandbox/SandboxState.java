package dev.atoll.model.sandbox;

/** Where a sandbox stands in its life; {@link Lifecycle} says what leads from one to the next. */
public enum SandboxState {
    /** Accepted and durable; no host has been chosen. */
    REQUESTED,
    /** A host has been chosen and is making it. */
    PREPARING,
    /** Commands can be run in it. */
    RUNNING,
    /** It is being taken down. */
    STOPPING,
    /** It has ended. Whether it ever ran is told by {@link Sandbox#startedAt}: it may have been stopped before it did. */
    STOPPED,
    /** It could not be started, and never ran. */
    FAILED;

    /** True when nothing can happen to it any more. */
    public boolean isTerminal() {
        return this == STOPPED || this == FAILED;
    }
}
