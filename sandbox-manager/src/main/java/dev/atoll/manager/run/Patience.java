package dev.atoll.manager.run;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Repeats what may be repeated while a host or the database does not answer, until a time is over or the platform closes. */
final class Patience {
    private final CountDownLatch closing;
    private final Clock clock;
    private final Instant latest;
    private final Duration pause;
    private final Runnable check;

    /** {@code closing} is open once the platform closes; {@code check} is made before each call, and ends all by what it throws. */
    Patience(CountDownLatch closing, Clock clock, Instant latest, Duration pause, Runnable check) {
        this.closing = closing;
        this.clock = clock;
        this.latest = latest;
        this.pause = pause;
        this.check = check;
    }

    /** The first answer. Throws {@code shutting_down} when the platform closes, and the last problem when the time is over. */
    <T> T until(Supplier<T> call) {
        while (true) {
            check.run();
            try {
                return call.get();
            } catch (ProblemException e) {
                if (!isPassing(e.problem().code()) || !clock.instant().isBefore(latest)) {
                    throw e;
                }
                pause();
            }
        }
    }

    /** Whether the very same call may succeed in a moment. */
    static boolean isPassing(ProblemCode code) {
        return code == ProblemCode.HOST_UNAVAILABLE
                || code == ProblemCode.DATABASE_UNAVAILABLE
                || code == ProblemCode.DEADLINE_EXCEEDED
                || code == ProblemCode.SANDBOX_NOT_READY;
    }

    private void pause() {
        try {
            if (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw Problem.of(ProblemCode.SHUTTING_DOWN, "The platform is shutting down.", "The run goes on after that.")
                .asException();
    }
}
