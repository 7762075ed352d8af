package dev.atoll.manager.admission;

import dev.atoll.model.sandbox.SandboxSize;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** One create that waits. Thread-safe: an attempt and giving up exclude each other, so what an attempt makes always has its caller. */
final class WaitingCreate<T> {
    private final SandboxSize size;
    private final Supplier<Optional<T>> attempt;
    private final CompletableFuture<T> got = new CompletableFuture<>();
    private boolean over;

    WaitingCreate(SandboxSize size, Supplier<Optional<T>> attempt) {
        this.size = size;
        this.attempt = attempt;
    }

    SandboxSize size() {
        return size;
    }

    /** Whether it cannot fit where one of another size does not. */
    boolean isAtLeast(SandboxSize other) {
        return size.cpu().compareTo(other.cpu()) >= 0 && size.memory().compareTo(other.memory()) >= 0;
    }

    /** Tries once, unless it is over; false when there is still no room for it. */
    synchronized boolean attempt() {
        if (over) {
            return true;
        }
        try {
            Optional<T> result = attempt.get();
            result.ifPresent(got::complete);
            over = result.isPresent();
        } catch (RuntimeException e) {
            got.completeExceptionally(e);
            over = true;
        }
        return over;
    }

    /** Its time is over: there is no attempt after this. What the last one came to, which is waited for. */
    Optional<T> giveUp() throws InterruptedException {
        synchronized (this) {
            over = true;
        }
        return result(0);
    }

    /** What it came to, waiting at most so long; throws what an attempt threw. */
    Optional<T> result(long nanos) throws InterruptedException {
        try {
            return Optional.of(got.get(nanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException notYet) {
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failed) {
                throw failed;
            }
            throw new IllegalStateException("attempts throw unchecked exceptions only", e);
        }
    }
}
