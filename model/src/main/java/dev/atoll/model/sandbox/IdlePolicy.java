package dev.atoll.model.sandbox;

import java.time.Duration;

/**
 * When a sandbox ends because nothing uses it. Calls about it, open streams and holds are use.
 *
 * @param after how long nothing may use it
 * @param processes whether a command that runs is use as well, whoever waits for it or does not
 */
public record IdlePolicy(Duration after, boolean processes) {
    private static final Duration LONGEST_WARNING = Duration.ofSeconds(60);
    private static final int WARNING_PART = 10;

    public IdlePolicy {
        SandboxLimits.checkIdle(after);
    }

    /** How long before the end there is a warning: a tenth of the time, a minute at most. */
    public Duration warning() {
        return warningBefore(after);
    }

    static Duration warningBefore(Duration time) {
        Duration part = time.dividedBy(WARNING_PART);
        return part.compareTo(LONGEST_WARNING) > 0 ? LONGEST_WARNING : part;
    }
}
