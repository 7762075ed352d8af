package dev.atoll.manager.sandbox;

import java.time.Duration;

/**
 * How use cases on sandboxes behave.
 *
 * @param reReadEvery how often a waiting call looks into the store by itself, for changes that another process made
 * @param cacheFor how long a running sandbox is routed to without looking into the store
 * @param cacheSize most sandboxes kept in the cache
 * @param maxWait longest time a call waits, whatever it asks for
 */
public record SandboxSettings(Duration reReadEvery, Duration cacheFor, int cacheSize, Duration maxWait) {
    public static final SandboxSettings DEFAULTS =
            new SandboxSettings(Duration.ofSeconds(1), Duration.ofSeconds(5), 20_000, Duration.ofSeconds(60));
}
