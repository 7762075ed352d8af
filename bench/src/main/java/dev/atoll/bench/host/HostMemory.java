package dev.atoll.bench.host;

import java.nio.file.Path;

/** The memory of this machine. */
public final class HostMemory {
    private HostMemory() {}

    /** What programs could still have without swapping, as the kernel estimates it, in bytes. */
    public static long availableBytes() {
        return ProcFiles.bytes(ProcFiles.read(Path.of("/proc/meminfo")), "MemAvailable");
    }
}
