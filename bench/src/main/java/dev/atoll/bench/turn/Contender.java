package dev.atoll.bench.turn;

import dev.atoll.bench.figure.Latencies.Kind;
import dev.atoll.bench.host.CpuMeter;
import java.io.IOException;
import java.util.List;

/** One side of a comparison. */
public interface Contender {
    /** How tables name it. */
    String name();

    /** Whose operation it is. */
    Kind kind();

    /** The parts that a round is timed in; the first is the whole that sides are compared by. */
    List<String> phases();

    /** What its rounds cost in CPU time. */
    CpuMeter cpu();

    /** What has to be there before a round and is not timed; its cost in CPU time counts. */
    default void prepare() throws IOException {}

    /**
     * Does the operation once and times it by its phases.
     *
     * @throws IOException when it failed; what it made is removed all the same
     */
    Round round() throws IOException;
}
