package dev.atoll.isolation.guest;

import java.time.Duration;
import java.time.Instant;

/**
 * The answer to a ping.
 *
 * @param uptime the guest's monotonic clock
 * @param now the guest's wall clock
 */
public record GuestClock(Duration uptime, Instant now) {}
