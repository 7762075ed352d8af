package dev.atoll.manager.file;

import dev.atoll.manager.host.FileExchange;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Watches for clients that ask instead of listening: a watch is kept here between their calls and a cursor says how far they have read. It
 * lives in this process only; when it is gone the client hears {@code watch_gone}, lists again and begins anew. Thread-safe.
 */
public final class Watches implements AutoCloseable {
    /** Watches kept at a time. */
    public static final int MAX_WATCHES = 1_000;

    /** How long a watch is kept for a client that does not ask. */
    public static final Duration KEPT_FOR = Duration.ofMinutes(2);

    private static final Pattern CURSOR = Pattern.compile("([0-9a-f]{32})\\.([0-9]{1,18})");
    private static final int ID_BYTES = 16;

    private final Files files;
    private final Executor threads;
    private final RandomGenerator random;
    private final Clock clock;
    private final Map<String, KeptWatch> kept = new ConcurrentHashMap<>();

    /** {@code random} must be cryptographically strong in production. */
    public Watches(Files files, Executor threads, RandomGenerator random, Clock clock) {
        this.files = files;
        this.threads = threads;
        this.random = random;
        this.clock = clock;
    }

    /** Begins a watch that is kept, and answers its first page at once: changes from now on are seen. */
    public WatchPage begin(FileAccess access, FileOperation.Watch operation) {
        kept.values().removeIf(KeptWatch::isStale);
        if (kept.size() >= MAX_WATCHES) {
            throw Problem.of(
                            ProblemCode.TOO_MANY_WATCHES,
                            "The platform keeps " + MAX_WATCHES + " watches already.",
                            "Follow the event stream instead: Accept: text/event-stream.")
                    .asException();
        }
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        FileExchange exchange = files.begin(access, operation);
        KeptWatch watch = new KeptWatch(access, operation.path(), exchange, clock, KEPT_FOR);
        try {
            awaitBegin(exchange);
        } catch (RuntimeException e) {
            exchange.close();
            throw e;
        }
        kept.put(id, watch);
        threads.execute(() -> {
            try {
                watch.follow();
            } finally {
                forgetLater(id, watch);
            }
        });
        return page(id, watch.from(0, Duration.ZERO));
    }

    /** Reads until the watch has begun: a change after that is not missed. */
    public static void awaitBegin(FileExchange exchange) {
        boolean begun = false;
        while (!begun) {
            begun = switch (Files.next(exchange)) {
                case FileEvent.Watching watching -> true;
                case FileEvent.Done done -> true;
                case FileEvent.Entry entry -> false;
                case FileEvent.Data data -> false;
                case FileEvent.Match match -> false;
                case FileEvent.Change change -> false;
            };
        }
    }

    /** One that ended with unread changes can be read to its end by the client that is about to ask. */
    private void forgetLater(String id, KeptWatch watch) {
        if (!watch.hasUnread()) {
            kept.remove(id, watch);
        }
    }

    /**
     * Changes behind a cursor, waiting up to {@code wait} for the first. Throws {@code invalid_cursor}, {@code watch_gone}, or what ended
     * the watch.
     */
    public WatchPage after(FileAccess access, String cursor, Duration wait) {
        Matcher parts = CURSOR.matcher(cursor);
        if (!parts.matches()) {
            throw Problem.of(
                            ProblemCode.INVALID_CURSOR,
                            "The cursor is not one of ours.",
                            "Send the one of the last page.")
                    .asException();
        }
        KeptWatch watch = kept.get(parts.group(1));
        if (watch == null || !watch.belongsTo(access.caller(), access.sandbox())) {
            throw gone();
        }
        KeptWatch.Taken taken = watch.from(Long.parseLong(parts.group(2)), wait);
        if (taken.over()) {
            kept.remove(parts.group(1), watch);
            throw taken.end().map(Problem::asException).orElseGet(Watches::gone);
        }
        return page(parts.group(1), taken);
    }

    private static WatchPage page(String id, KeptWatch.Taken taken) {
        return new WatchPage(taken.changes(), id + "." + taken.next());
    }

    private static ProblemException gone() {
        return Problem.of(
                        ProblemCode.WATCH_GONE,
                        "The watch has ended: nobody asked for " + KEPT_FOR.toMinutes()
                                + " minutes, the platform was restarted, or the directory is gone.",
                        "List the directory again, and begin another watch without a cursor.")
                .asException();
    }

    /** Ends every watch; who waits hears {@code watch_gone}. */
    @Override
    public void close() {
        kept.values().forEach(KeptWatch::close);
        kept.clear();
    }
}
