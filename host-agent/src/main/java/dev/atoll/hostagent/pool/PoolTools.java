package dev.atoll.hostagent.pool;

import dev.atoll.hostagent.box.BootGate;
import dev.atoll.hostagent.box.BoxTools;
import dev.atoll.hostagent.image.HostImages;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What the pool works with.
 *
 * @param boxes what boxes are made with
 * @param images resolves the names of what is pinned
 * @param gate tells whether boots are waited for
 * @param availableMemory bytes that the host could give to new processes now
 * @param threads a virtual thread per task
 * @param nanos a monotonic clock
 * @param cores of the host
 */
public record PoolTools(
        BoxTools boxes,
        HostImages images,
        BootGate gate,
        LongSupplier availableMemory,
        Executor threads,
        LongSupplier nanos,
        int cores) {}
