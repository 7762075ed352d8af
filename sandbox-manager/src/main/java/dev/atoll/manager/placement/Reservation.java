package dev.atoll.manager.placement;

/** What live sandboxes have been promised on a host. */
public record Reservation(long cpuMillis, long memoryBytes) {
    public static final Reservation NONE = new Reservation(0, 0);

    public Reservation plus(long moreCpuMillis, long moreMemoryBytes) {
        return new Reservation(cpuMillis + moreCpuMillis, memoryBytes + moreMemoryBytes);
    }
}
