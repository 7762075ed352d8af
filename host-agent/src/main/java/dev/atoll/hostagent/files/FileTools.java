package dev.atoll.hostagent.files;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * What the files of all sandboxes of a host share.
 *
 * @param timers runs nothing that blocks
 * @param nanos a monotonic clock: {@link System#nanoTime}
 */
public record FileTools(
        FileSettings settings, FileMetrics metrics, ScheduledExecutorService timers, LongSupplier nanos) {}
