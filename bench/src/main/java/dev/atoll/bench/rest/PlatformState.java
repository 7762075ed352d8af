package dev.atoll.bench.rest;

import dev.atoll.bench.host.Pause;
import dev.atoll.bench.problem.BenchException;
import dev.atoll.bench.turn.Settling;
import java.io.IOException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** What the platform keeps ready, and when it is at rest. There is no call that blocks for either, so it is asked again and again. */
public final class PlatformState implements Settling {
    private static final long PAUSE_MILLIS = 5;
    private static final long SETTLED_WITHIN_NANOS = 120_000_000_000L;
    private static final long READY_WITHIN_NANOS = 20_000_000_000L;

    private final RestApi api;
    private final LongSupplier clock;
    private final Pause pause;

    /** @param clock nanoseconds */
    public PlatformState(RestApi api, LongSupplier clock, Pause pause) {
        this.api = api;
        this.clock = clock;
        this.pause = pause;
    }

    public Capabilities now() throws IOException {
        return Capabilities.of(api.get("/v1/capabilities").json());
    }

    /** Returns when every pool is full and nothing is being made. */
    @Override
    public void await() throws IOException {
        if (!holds(Capabilities::isSettled, SETTLED_WITHIN_NANOS)) {
            throw BenchException.unavailable(
                    "pool_not_settled",
                    "The platform went on making sandboxes for two minutes, so nothing can be measured beside it: "
                            + now().pools(),
                    "Look at its log, $ATOLL_HOME/log/server.log.");
        }
    }

    /** Whether a sandbox of this template is kept ready, or comes to be within some seconds. */
    public boolean keepsReady(Template template) throws IOException {
        return now().keepsReady() && holds(state -> state.ready(template) > 0, READY_WITHIN_NANOS);
    }

    private boolean holds(Predicate<Capabilities> condition, long withinNanos) throws IOException {
        long end = clock.getAsLong() + withinNanos;
        while (!condition.test(now())) {
            if (clock.getAsLong() > end) {
                return false;
            }
            pause.millis(PAUSE_MILLIS);
        }
        return true;
    }
}
