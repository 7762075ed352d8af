package dev.atoll.manager.file;

import dev.atoll.manager.host.FileExchange;
import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.sandbox.SandboxRoutes;
import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.id.HostId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Use cases on files. Each goes straight to the sandbox's host; none touches the database in the usual case. Besides the problems that
 * {@link FileOperation} names, every method throws {@code sandbox_not_found} (also for a sandbox of another workspace), {@code
 * sandbox_not_ready}, {@code sandbox_stopped} and {@code host_unavailable}; a problem with a file names the file. Thread-safe.
 */
public final class Files {
    /** Bytes sent to a host at a time. */
    public static final int CHUNK_BYTES = 256 << 10;

    /** Bytes of names and lines in one answer, counted as {@link FileListing#bytes()} does. */
    public static final long MAX_LISTED_BYTES = 16L << 20;

    /** Silence of a sandbox after which an operation is given up: it may have a large tree to copy, and says nothing before the end. */
    static final Duration SILENCE = Duration.ofMinutes(30);

    private static final Duration LOOK = Duration.ofSeconds(30);

    private final SandboxRoutes routes;
    private final HostDirectory hosts;

    public Files(SandboxRoutes routes, HostDirectory hosts) {
        this.routes = routes;
        this.hosts = hosts;
    }

    /** Begins an operation, whose events its caller reads; the caller closes the exchange. */
    public FileExchange begin(FileAccess access, FileOperation operation) {
        HostId host = routes.toRunning(access.caller(), access.sandbox());
        UnaryOperator<ProblemException> naming = failed -> failed.problem().code() == ProblemCode.SANDBOX_NOT_FOUND
                ? routes.unknownToHost(access.caller(), access.sandbox())
                : FileProblems.named(access.sandbox(), operation, failed);
        try {
            return new NamedExchange(
                    hosts.client(host).files().begin(access.sandbox(), access.reach(), operation), naming);
        } catch (ProblemException e) {
            throw naming.apply(e);
        }
    }

    /** The next event of an exchange that is not over; throws {@code deadline_exceeded} after {@link #SILENCE}. */
    public static FileEvent next(FileExchange exchange) {
        for (long looked = 0; looked < SILENCE.dividedBy(LOOK); looked++) {
            Optional<FileEvent> event = exchange.next(LOOK);
            if (event.isPresent()) {
                return event.get();
            }
        }
        throw Problem.of(
                        ProblemCode.DEADLINE_EXCEEDED,
                        "The sandbox has said nothing for " + SILENCE.toMinutes()
                                + " minutes; the operation was given up.",
                        "Look at what has been done, and do the rest in smaller parts.")
                .asException();
    }

    /** Does what neither takes nor gives content. What is told beyond {@link #MAX_LISTED_BYTES} is left out: {@code truncated}. */
    public FileListing run(FileAccess access, FileOperation operation) {
        return run(access, operation, MAX_LISTED_BYTES);
    }

    /** The same with at most so many bytes, but for the first name or line, which always has room. */
    public FileListing run(FileAccess access, FileOperation operation, long most) {
        try (FileExchange exchange = begin(access, operation)) {
            List<FileEntry> entries = new ArrayList<>();
            List<FileEvent.Match> matches = new ArrayList<>();
            long bytes = 0;
            while (true) {
                FileEvent event = next(exchange);
                bytes += FileListing.bytes(event);
                if (bytes > most && !(event instanceof FileEvent.Done) && entries.size() + matches.size() > 0) {
                    // Lines beside matches have no limit of their own, and what tells them runs in a stranger's
                    // sandbox.
                    long count = entries.size() + matches.size();
                    return new FileListing(entries, matches, new FileEvent.Done(true, count, 0, 0, Optional.empty()));
                }
                switch (event) {
                    case FileEvent.Entry entry -> entries.add(entry.entry());
                    case FileEvent.Match match -> matches.add(match);
                    case FileEvent.Done done -> {
                        return new FileListing(entries, matches, done);
                    }
                    case FileEvent.Data data -> {}
                    case FileEvent.Watching watching -> {}
                    case FileEvent.Change change -> {}
                }
            }
        }
    }

    /** What a sandbox says about one file. */
    public FileEntry stat(FileAccess access, FileOperation.Stat operation) {
        FileListing listing = run(access, operation);
        return listing.entries().stream()
                .findFirst()
                .or(listing.done()::entry)
                .orElseThrow(() -> Problem.of(ProblemCode.INTERNAL, "The sandbox told nothing about the file.")
                        .asException());
    }

    /** Reads into memory what is no more than {@code most} bytes; throws {@code file_too_large} otherwise, before it is all read. */
    public FileContent read(FileAccess access, FileOperation.Read operation, int most) {
        return read(access, operation, most, "Read it in ranges, or as a stream: GET …/files?path= with Range.");
    }

    /** Reads lines into memory; throws {@code file_too_large} when they are more than {@code maxBytes} of the operation. */
    public FileContent readLines(FileAccess access, FileOperation.ReadLines operation) {
        return read(
                access,
                operation,
                (int) Math.min(operation.maxBytes(), Integer.MAX_VALUE),
                "Ask for fewer lines, or read bytes with Range.");
    }

    private FileContent read(FileAccess access, FileOperation operation, int most, String hint) {
        try (FileExchange exchange = begin(access, operation)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Optional<FileEntry> entry = Optional.empty();
            while (true) {
                switch (next(exchange)) {
                    case FileEvent.Entry told -> entry = Optional.of(told.entry());
                    case FileEvent.Data data -> {
                        if (bytes.size() + (long) data.bytes().remaining() > most) {
                            throw tooLarge(entry, most, hint);
                        }
                        append(bytes, data.bytes());
                    }
                    case FileEvent.Done done -> {
                        if (done.truncated() && operation instanceof FileOperation.ReadLines) {
                            throw tooLarge(entry, most, hint);
                        }
                        return new FileContent(entry.or(done::entry).orElseThrow(), bytes.toByteArray(), done.lines());
                    }
                    case FileEvent.Match match -> {}
                    case FileEvent.Watching watching -> {}
                    case FileEvent.Change change -> {}
                }
            }
        }
    }

    private static ProblemException tooLarge(Optional<FileEntry> entry, long most, String hint) {
        return entry.map(known -> FileProblems.tooLarge(known.path(), known.size(), most, hint))
                .orElseGet(() -> Problem.of(ProblemCode.FILE_TOO_LARGE, "It is more than " + most + " bytes.", hint)
                        .asException());
    }

    private static void append(ByteArrayOutputStream bytes, ByteBuffer data) {
        byte[] chunk = new byte[data.remaining()];
        data.get(chunk);
        bytes.writeBytes(chunk);
    }

    /**
     * Does what takes content. When {@code content} fails, or the caller's client leaves, the operation is given up and leaves nothing half
     * done that is not said to.
     */
    public FileEvent.Done write(FileAccess access, FileOperation operation, InputStream content) throws IOException {
        try (FileExchange exchange = begin(access, operation)) {
            // Sending copies, so one buffer serves for all.
            byte[] chunk = new byte[CHUNK_BYTES];
            boolean more = true;
            while (more) {
                int length = filled(content, chunk);
                if (length > 0) {
                    exchange.send(ByteBuffer.wrap(chunk, 0, length));
                }
                more = length >= 0;
            }
            exchange.sent();
            while (true) {
                if (next(exchange) instanceof FileEvent.Done done) {
                    return done;
                }
            }
        }
    }

    /** Reads once, and on while there is something without waiting: small pieces of a network are not sent on one by one. */
    private static int filled(InputStream content, byte[] chunk) throws IOException {
        int length = content.read(chunk);
        while (length > 0 && length < chunk.length && content.available() > 0) {
            int more = content.read(chunk, length, chunk.length - length);
            if (more < 0) {
                return length;
            }
            length += more;
        }
        return length;
    }
}
