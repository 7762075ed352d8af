package dev.atoll.hostagent.sandbox;

/** What the owner of a sandbox is told. */
sealed interface OwnerMessage {
    /** It is to end. */
    record Stop() implements OwnerMessage {}

    /** It has ended by itself, or cannot go on. */
    record Ended(SandboxEnd end) implements OwnerMessage {}
}
