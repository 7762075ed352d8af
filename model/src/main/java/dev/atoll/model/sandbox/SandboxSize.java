package dev.atoll.model.sandbox;

import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;

/**
 * How large a sandbox is: all that its host has to know before it boots, and so, with the image, what two sandboxes must have in common
 * for one to be kept ready in the place of the other.
 *
 * @param cpu how much CPU it may use at most
 * @param memory how much memory it sees
 * @param disk how much it may write over its image
 * @param pids how many processes and threads it may have
 */
public record SandboxSize(CpuAmount cpu, MemorySize memory, MemorySize disk, int pids) {
    /** What nobody asked to be otherwise. */
    public static final SandboxSize DEFAULT = of(SandboxLimits.DEFAULT_CPU, SandboxLimits.DEFAULT_MEMORY);

    public SandboxSize {
        SandboxLimits.checkSize(cpu, memory, disk, pids);
    }

    /** With the usual disk and number of processes. */
    public static SandboxSize of(CpuAmount cpu, MemorySize memory) {
        return new SandboxSize(cpu, memory, SandboxLimits.DEFAULT_DISK, SandboxLimits.defaultPids(memory));
    }
}
