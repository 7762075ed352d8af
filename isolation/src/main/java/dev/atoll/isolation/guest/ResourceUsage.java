package dev.atoll.isolation.guest;

import java.time.Duration;

/**
 * What the process and the children it waited for used, as the guest's kernel counts it.
 *
 * @param maxResidentBytes largest resident set of one of them; gVisor counts it coarsely
 */
public record ResourceUsage(
        Duration userTime,
        Duration systemTime,
        long maxResidentBytes,
        long minorFaults,
        long majorFaults,
        long voluntarySwitches,
        long involuntarySwitches) {}
