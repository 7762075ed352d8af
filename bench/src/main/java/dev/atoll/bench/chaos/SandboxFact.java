package dev.atoll.bench.chaos;

/**
 * What is known of a sandbox that a client asked for.
 *
 * @param tag the client's name for it, which is a label of it
 * @param keyed whether the request may have been sent more than once
 * @param id by which the platform acknowledged it; empty when it did not
 * @param ran whether it was seen running
 * @param deletion how far a client's wish to have it gone is
 */
record SandboxFact(String tag, boolean keyed, String id, boolean ran, Deletion deletion) {
    /** A client's wish to have a sandbox gone. */
    enum Deletion {
        NOT_ASKED,
        ASKED,
        ACKNOWLEDGED
    }

    boolean isAcknowledged() {
        return !id.isEmpty();
    }

    /** Whether it has to be running: it ran, and nobody wanted it gone. */
    boolean hasToLive() {
        return ran && deletion == Deletion.NOT_ASKED;
    }

    SandboxFact acknowledged(String itsId) {
        return new SandboxFact(tag, keyed, itsId, ran, deletion);
    }

    SandboxFact running() {
        return new SandboxFact(tag, keyed, id, true, deletion);
    }

    SandboxFact deletion(Deletion next) {
        return new SandboxFact(tag, keyed, id, ran, next);
    }
}
