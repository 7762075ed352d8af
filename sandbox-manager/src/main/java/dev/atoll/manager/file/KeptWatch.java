package dev.atoll.manager.file;

import dev.atoll.manager.host.FileExchange;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.FileType;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A watch that goes on between two calls, for whoever asks for changes page by page. Keeps changes until a later page was asked for, so an
 * answer that was lost can be had again. When more come than it keeps, the oldest go and their place is told as {@code OVERFLOW}.
 */
final class KeptWatch {
    /** Changes kept for a reader that does not come. */
    static final int MAX_CHANGES = 10_000;

    /** Bytes of their names, which a sandbox may make long: as many as 10,000 usual ones have. */
    static final int MAX_NAME_BYTES = 1 << 20;

    /** Changes in one page. */
    static final int MAX_PAGE = 1_000;

    private static final Duration LOOK = Duration.ofSeconds(5);

    private final Caller caller;
    private final SandboxId sandbox;
    private final FilePath path;
    private final FileExchange exchange;
    private final Clock clock;
    private final Duration patience;
    private final Deque<FileEvent.Change> changes = new ArrayDeque<>();
    private long nameBytes;
    private long firstNumber;
    private boolean lost;
    private Instant lastAsked;
    private int asking;
    private Optional<Problem> end = Optional.empty();
    private boolean over;

    KeptWatch(FileAccess access, FilePath path, FileExchange exchange, Clock clock, Duration patience) {
        this.caller = access.caller();
        this.sandbox = access.sandbox();
        this.path = path;
        this.exchange = exchange;
        this.clock = clock;
        this.patience = patience;
        this.lastAsked = clock.instant();
    }

    boolean belongsTo(Caller other, SandboxId otherSandbox) {
        return caller.workspace().equals(other.workspace()) && sandbox.equals(otherSandbox);
    }

    /** Takes changes from the sandbox until it ends, or nobody has asked for as long as it is kept. */
    void follow() {
        try (exchange) {
            boolean more = true;
            while (more && isWanted()) {
                Optional<FileEvent> event = exchange.next(LOOK);
                if (event.isPresent()) {
                    more = take(event.get());
                }
            }
            ended(Optional.empty());
        } catch (ProblemException e) {
            ended(Optional.of(e.problem()));
        }
    }

    private boolean take(FileEvent event) {
        return switch (event) {
            case FileEvent.Change change -> {
                add(change);
                yield true;
            }
            case FileEvent.Done done -> false;
            case FileEvent.Watching watching -> true;
            case FileEvent.Entry entry -> true;
            case FileEvent.Data data -> true;
            case FileEvent.Match match -> true;
        };
    }

    private synchronized boolean isWanted() {
        return !over && (asking > 0 || clock.instant().isBefore(lastAsked.plus(patience)));
    }

    private synchronized void add(FileEvent.Change change) {
        changes.add(change);
        nameBytes += change.path().bytes().length;
        while (changes.size() > MAX_CHANGES || nameBytes > MAX_NAME_BYTES) {
            forgetFirst();
            lost = true;
        }
        notifyAll();
    }

    private synchronized void forgetFirst() {
        nameBytes -= changes.removeFirst().path().bytes().length;
        firstNumber++;
    }

    private synchronized void ended(Optional<Problem> why) {
        end = why;
        over = true;
        notifyAll();
    }

    synchronized void close() {
        over = true;
        exchange.close();
        notifyAll();
    }

    synchronized boolean hasUnread() {
        return !changes.isEmpty() || end.isPresent();
    }

    /** Whether it has ended and nobody came for what it had left. */
    synchronized boolean isStale() {
        return over && asking == 0 && !clock.instant().isBefore(lastAsked.plus(patience));
    }

    /** What a page holds. */
    record Taken(List<FileEvent.Change> changes, long next, boolean over, Optional<Problem> end) {}

    /** Changes from {@code number} on, waiting up to {@code wait} for the first. What lies before it is let go. */
    synchronized Taken from(long number, Duration wait) {
        asking++;
        try {
            drop(number);
            long deadline = System.nanoTime() + wait.toNanos();
            while (!lost && !over && firstNumber + changes.size() <= number) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return taken();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return taken();
        } finally {
            asking--;
            lastAsked = clock.instant();
        }
    }

    private void drop(long number) {
        while (firstNumber < number && !changes.isEmpty()) {
            forgetFirst();
        }
        // Whoever asks from further on has been told of the gap before.
        lost &= firstNumber > number;
    }

    private Taken taken() {
        List<FileEvent.Change> page = new ArrayList<>();
        if (lost) {
            page.add(new FileEvent.Change(FileEvent.ChangeKind.OVERFLOW, path, FileType.DIRECTORY));
        }
        changes.stream().limit(MAX_PAGE).forEach(page::add);
        long next = firstNumber + Math.min(changes.size(), MAX_PAGE);
        return new Taken(page, next, over && page.isEmpty(), end);
    }
}
