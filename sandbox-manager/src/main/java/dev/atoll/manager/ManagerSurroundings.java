package dev.atoll.manager;

import dev.atoll.manager.timer.Timers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What the parts get from outside, so that tests can give them something else.
 *
 * @param clock ticks in microseconds, the precision that the database keeps
 * @param random cryptographically strong in production
 * @param threads runs tasks that may block, each on a thread of its own
 */
record ManagerSurroundings(
        Clock clock, RandomGenerator random, Timers timers, Executor threads, MeterRegistry meters) {}
