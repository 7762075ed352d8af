package dev.atoll.isolation.cgroup;

/**
 * The kernel's account of one group's memory.
 *
 * @param limitBytes the limit in force
 * @param kills how many processes the kernel has killed to keep it
 */
public record MemoryEvents(long limitBytes, long kills) {

    /** For a group that does not exist. */
    public static final MemoryEvents NONE = new MemoryEvents(0, 0);
}
