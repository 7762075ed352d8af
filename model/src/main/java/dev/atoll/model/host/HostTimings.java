package dev.atoll.model.host;

import java.time.Duration;

/**
 * Where the time of a call went on a host, each part within the one before. What does not fit together, as figures of different clocks may
 * not, is cut to fit.
 *
 * @param total from the arrival of the call at the agent until its answer was made
 * @param guest of that, waiting for the guest: of an exec, from the spawn frame written to the exit frame read
 * @param process of that, from the arrival of the spawn in the guest until it had reaped the process
 */
public record HostTimings(Duration total, Duration guest, Duration process) {
    public HostTimings {
        total = total.isNegative() ? Duration.ZERO : total;
        guest = within(guest, total);
        process = within(process, guest);
    }

    private static Duration within(Duration part, Duration whole) {
        if (part.isNegative()) {
            return Duration.ZERO;
        }
        return part.compareTo(whole) > 0 ? whole : part;
    }
}
