package dev.atoll.model.host;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a sandbox has used of its host, sample by sample, the oldest first.
 *
 * @param every the time between two samples as they are taken
 * @param processes in the sandbox now, when it could be asked
 */
public record UsageSeries(List<UsageSample> samples, Duration every, OptionalInt processes) {
    public UsageSeries {
        samples = List.copyOf(samples);
    }

    /**
     * One look.
     *
     * @param cpuNanos used since the sandbox was made, that of its kernel included
     * @param cores used on average since the sample before; 0 for the first
     * @param memoryBytes that the host counts for it, that of its kernel included; the most of the samples that this one stands for
     * @param diskBytes of its writable layer on the host
     * @param execs that run
     */
    public record UsageSample(Instant at, long cpuNanos, double cores, long memoryBytes, long diskBytes, int execs) {}
}
