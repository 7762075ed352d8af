package dev.atoll.bench.chaos;

import java.util.Set;

/**
 * What is known of an exec that a client asked for.
 *
 * @param tag the client's name for it, which its process writes down
 * @param sandbox the tag of its sandbox
 * @param id by which the platform acknowledged it; empty when it did not
 * @param ends how it may stand now
 */
record ExecFact(String tag, String sandbox, Program program, String id, Set<End> ends) {
    ExecFact {
        ends = Set.copyOf(ends);
    }

    boolean isAcknowledged() {
        return !id.isEmpty();
    }

    ExecFact acknowledged(String itsId) {
        return new ExecFact(tag, sandbox, program, itsId, ends);
    }

    ExecFact ends(Set<End> now) {
        return new ExecFact(tag, sandbox, program, id, now);
    }
}
