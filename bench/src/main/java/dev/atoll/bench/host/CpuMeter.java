package dev.atoll.bench.host;

import java.io.IOException;

/** The CPU time that one side has used so far, by all its processes. */
@FunctionalInterface
public interface CpuMeter {
    /** Seconds since some moment; only differences mean something. Not a number when nothing is counted. */
    double seconds() throws IOException;

    /** Nothing is counted. */
    static CpuMeter none() {
        return () -> Double.NaN;
    }
}
