package dev.atoll.manager.placement;

/**
 * How full hosts may get.
 *
 * @param cpuOvercommit how many times its cores a host promises: most sandboxes idle most of the time, and CPU, unlike memory, can be
 *     shared. 1 to 1000
 */
public record PlacementSettings(double cpuOvercommit) {
    public static final PlacementSettings DEFAULTS = new PlacementSettings(32);

    public PlacementSettings {
        if (!(cpuOvercommit >= 1 && cpuOvercommit <= 1000)) {
            throw new IllegalArgumentException("cpu-overcommit is " + cpuOvercommit + "; it is 1 to 1000");
        }
    }
}
