package dev.atoll.manager.run;

import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.sandbox.Sandboxes;
import dev.atoll.manager.view.OutputViews;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/** What every run needs. {@code closing} is open once the platform closes. */
record RunTools(
        Sandboxes sandboxes,
        Execs execs,
        OutputViews views,
        RunFiles files,
        Clock clock,
        RunSettings settings,
        CountDownLatch closing) {
    Patience patience(Instant latest) {
        return patience(latest, () -> {});
    }

    /** With a check before each call. */
    Patience patience(Instant latest, Runnable check) {
        return new Patience(closing, clock, latest, settings.retryAfter(), check);
    }
}
