package dev.atoll.bench;

import java.io.IOException;
import java.util.List;

/** One side of a comparison. */
interface Contender {
    /** How tables name it. */
    String name();

    /** The parts that a round is timed in; the first is the whole that sides are compared by. */
    List<String> phases();

    /**
     * Does the operation once and times it by its phases.
     *
     * @throws IOException when it failed; what it made is removed all the same
     */
    Round round() throws IOException;

    /** Whether it does what we do; false for what is only there for scale. */
    default boolean isPeer() {
        return true;
    }

    /** The durations of one round in nanoseconds, in the order of {@link #phases}. */
    record Round(List<Long> nanos) {
        static Round of(Long... nanos) {
            return new Round(List.of(nanos));
        }
    }
}
