package dev.atoll.hostagent.exec;

import dev.atoll.model.host.HostTimings;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When the spawn of one exec was sent and its end was read, by {@link System#nanoTime}. Thread-safe. */
final class ExecTimes {
    private record Span(long sent, long ended, Duration process) {}

    private volatile long sentAt;
    private volatile @Nullable Span span;

    /** The spawn is about to be written. */
    void sending() {
        sentAt = System.nanoTime();
    }

    /** The exit has been read; {@code process} is what the guest says of its time. */
    void ended(Duration process) {
        span = new Span(sentAt, System.nanoTime(), process);
    }

    /** Where the time since {@code began} went; empty unless the exec was both sent and ended in it. */
    Optional<HostTimings> since(long began) {
        Span known = span;
        if (known == null || known.sent() - began < 0) {
            return Optional.empty();
        }
        return Optional.of(new HostTimings(
                Duration.ofNanos(System.nanoTime() - began),
                Duration.ofNanos(known.ended() - known.sent()),
                known.process()));
    }
}
