package dev.atoll.api.exec;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.HttpLimits;
import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.host.OutputReader;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Follows output for clients that stay connected. A client that leaves ends its stream and nothing else; back-pressure reaches the
 * process, since nothing is read from a host before the last page was taken. Thread-safe; closing it ends every stream with a problem
 * that says so.
 */
public final class OutputFollowing implements AutoCloseable {
    /** Streams at a time. */
    public static final int MAX_STREAMS = 2_000;

    /** A problem that shows within this is still answered with its status; later ones are told in the stream. */
    private static final Duration FIRST_LOOK = Duration.ofMillis(200);

    /** The last byte is there a moment before the end of its exec is known; this long is waited for the latter. */
    private static final Duration END_AFTER_OUTPUT = Duration.ofSeconds(10);

    /** Makes the form of a stream. */
    interface Form {
        FollowedOutput on(OutputStream out, String requestId);
    }

    private final Execs execs;
    private final Set<OutputReader> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    public OutputFollowing(Execs execs) {
        this.execs = execs;
    }

    void follow(
            Call call, SandboxId sandbox, ExecId exec, StreamChoice stream, long offset, String mediaType, Form form)
            throws IOException {
        if (open.size() >= MAX_STREAMS) {
            throw Problem.of(
                            ProblemCode.CAPACITY,
                            "The platform sends " + MAX_STREAMS + " streams already.",
                            "Read pages instead: Accept: application/json, with wait.")
                    .asException();
        }
        try (OutputReader reader = execs.follow(call.caller(), sandbox, exec, stream, offset)) {
            open.add(reader);
            try {
                Optional<OutputPage> first = call.headersOnly() ? Optional.empty() : reader.next(FIRST_LOOK);
                OutputStream out = call.begin(mediaType);
                if (!call.headersOnly()) {
                    out.flush();
                    write(call, reader, first, form.on(out, call.requestId()), sandbox, exec);
                }
            } finally {
                open.remove(reader);
            }
        }
    }

    private void write(
            Call call,
            OutputReader reader,
            Optional<OutputPage> first,
            FollowedOutput out,
            SandboxId sandbox,
            ExecId exec)
            throws IOException {
        try {
            Optional<OutputPage> page = first;
            while (page.isEmpty() || !page.get().eof()) {
                if (page.isPresent()) {
                    out.page(page.get());
                }
                page = reader.next(HttpLimits.KEEP_ALIVE);
                if (closing) {
                    throw shuttingDown();
                }
                if (page.isEmpty()) {
                    out.keepAlive();
                }
            }
            out.page(page.get());
            out.end(execs.get(call.caller(), sandbox, exec, END_AFTER_OUTPUT));
        } catch (ProblemException e) {
            out.broken(closing ? shuttingDown().problem() : e.problem());
        }
    }

    private static ProblemException shuttingDown() {
        return Problem.of(
                        ProblemCode.SHUTTING_DOWN,
                        "The platform is shutting down.",
                        "Connect again later at the last offset; the process and its output stay.")
                .asException();
    }

    @Override
    public void close() {
        closing = true;
        open.forEach(OutputReader::close);
    }
}
