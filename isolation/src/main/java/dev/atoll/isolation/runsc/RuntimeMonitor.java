package dev.atoll.isolation.runsc;

import dev.atoll.isolation.linux.ProcessTable;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The monitor thread of the Go runtime in a sentry, {@code sysmon}. While anything runs it sleeps for 20 µs at a time, in fact 70 with the
 * kernel's timer slack of 50 µs, and each time takes the core from a thread of the sandbox for 15 to 25 µs. What it is there for, to hand
 * on the processor of a goroutine that a system call holds up and to interrupt one that runs for 10 ms, can wait a little longer.
 * Threads that the monitor starts inherit its slack: they wait for descriptors or for one another, and for timers to the millisecond.
 */
final class RuntimeMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeMonitor.class);

    /** On the machine of docs/performance.md 0.3, 1 and 5 ms save the same, a tenth of what an exec takes. */
    static final long SLACK_NANOS = 300_000;

    private RuntimeMonitor() {}

    /** Lets the monitor of the sentry {@code pid} sleep longer. When that is not possible, the box is only slower. */
    static void slowDown(long pid) {
        try {
            OptionalLong monitor = firstStarted(pid, ProcessTable.threads(pid));
            if (monitor.isPresent()) {
                ProcessTable.setTimerSlack(monitor.getAsLong(), SLACK_NANOS);
            }
        } catch (IOException e) {
            LOG.debug("sentry={} its monitor keeps its pace: {}", pid, e.toString());
        }
    }

    /**
     * The thread that a process started first, by their ids: the runtime starts its monitor before all others. Ids are given in ascending
     * order, and begin anew when they have come to their end. Were it another thread once in a while, that one's timers would be late by
     * the slack.
     */
    static OptionalLong firstStarted(long pid, List<Long> threads) {
        OptionalLong next = threads.stream()
                .mapToLong(Long::longValue)
                .filter(id -> id > pid)
                .min();
        return next.isPresent()
                ? next
                : threads.stream()
                        .mapToLong(Long::longValue)
                        .filter(id -> id != pid)
                        .min();
    }
}
