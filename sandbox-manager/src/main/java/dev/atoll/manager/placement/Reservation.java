package dev.atoll.manager.placement;

/** What live sandboxes have been promised on a host, and how many they are. */
public record Reservation(long cpuMillis, long memoryBytes, long sandboxes) {
    public static final Reservation NONE = new Reservation(0, 0, 0);

    public Reservation plus(Reservation more) {
        return new Reservation(cpuMillis + more.cpuMillis, memoryBytes + more.memoryBytes, sandboxes + more.sandboxes);
    }
}
