package dev.atoll.manager.placement;

import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.sandbox.SandboxLimits;

/** The largest sandbox that one host could take now. */
public record Room(long cpuMillis, long memoryBytes) {
    String memory() {
        return Placement.mebibytes(memoryBytes);
    }

    String cpu() {
        return cpuMillis <= 0 ? "0" : new CpuAmount(cpuMillis).toString();
    }

    /** Whether it is worth telling anyone about. */
    boolean isUsable() {
        return cpuMillis >= SandboxLimits.MIN_CPU.millis() && memoryBytes >= SandboxLimits.MIN_MEMORY.bytes();
    }
}
