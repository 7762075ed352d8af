package dev.atoll.manager.event;

import java.time.Duration;

/**
 * How what hosts have seen comes into the log.
 *
 * @param askEvery how often a host is asked for news: they come into the log in batches of what came in that time
 * @param batch most news in one answer of a host
 */
public record NewsSettings(Duration askEvery, int batch) {
    public static final NewsSettings DEFAULTS = new NewsSettings(Duration.ofMillis(250), 1_000);
}
