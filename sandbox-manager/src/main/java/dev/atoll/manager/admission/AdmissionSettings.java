package dev.atoll.manager.admission;

import java.time.Duration;

/**
 * How creates wait for room.
 *
 * @param waiting most creates that wait at a time; one more is told that there is no room
 * @param skipped sizes that do not fit which one look passes over before it gives up
 * @param lookEvery how often is looked for room that nobody here was told of, for instance on a host that has just connected
 */
public record AdmissionSettings(int waiting, int skipped, Duration lookEvery) {
    public static final AdmissionSettings DEFAULTS = new AdmissionSettings(1_000, 8, Duration.ofMillis(500));
}
