package dev.atoll.bench.host;

import java.util.List;
import java.util.function.Predicate;

/** The ways in which CPU time of many processes is summed up. The kernel counts in hundredths of a second per process. */
public final class CpuMeters {
    private CpuMeters() {}

    /**
     * What this process's children use: those that live, with all below them, and those that were collected. This process itself does
     * not count: it is the one who measures.
     */
    public static CpuMeter ofChildren() {
        long ourselves = ProcessHandle.current().pid();
        return () -> {
            ProcessSnapshot now = ProcessSnapshot.take();
            return now.find(ourselves).map(HostProcess::collectedSeconds).orElse(0.0) + sum(now.below(ourselves));
        };
    }

    /** What the processes that {@code which} names use, with all below them. */
    public static CpuMeter ofTrees(Predicate<HostProcess> which) {
        return () -> sum(ProcessSnapshot.take().trees(which));
    }

    private static double sum(List<HostProcess> processes) {
        return processes.stream()
                .mapToDouble(process -> process.ownSeconds() + process.collectedSeconds())
                .sum();
    }
}
