package dev.atoll.manager.outbox;

/** How carrying out an effect went. */
sealed interface Outcome {
    /** It is carried out or void, and out of the queue. */
    record Done() implements Outcome {}

    /** It is not known to be done: try again. */
    record Again(RuntimeException why) implements Outcome {}
}
