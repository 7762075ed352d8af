package dev.atoll.cli.attach;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Problems;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.http.WebSocket;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.terminal.RawTerminal;
import dev.atoll.cli.terminal.ReaderGoneException;
import dev.atoll.cli.terminal.Signals;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.timing.Timing;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Joins our terminal to a command's until it ends or is let go of. A connection that breaks is made anew: output goes on at the byte after
 * the last one shown, and what was typed and had not arrived is sent again.
 */
public final class AttachSession {
    /** How long the platform may be away before it counts as lost, in milliseconds: long enough for it to be restarted. */
    static final long RECONNECT_WITHIN_MILLIS = 60_000;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    /** Bytes read from the keyboard at once, a paste for instance; the platform takes 64 KiB in a message. */
    private static final int BUFFER_BYTES = 16 * 1_024;

    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;
    private final String execPath;
    private final RawTerminal terminal;
    private final PendingInput typed = new PendingInput();
    private final DetachKeys keys = new DetachKeys();
    private volatile boolean detached;
    private volatile @Nullable WebSocket socket;
    private long offset;
    private boolean placed;
    private long lastHeardNanos;
    private boolean said;

    public AttachSession(ApiClient api, StandardStreams streams, Timing timing, String execPath, RawTerminal terminal) {
        this.api = api;
        this.streams = streams;
        this.timing = timing;
        this.execPath = execPath;
        this.terminal = terminal;
    }

    /**
     * Stays until the command has ended or the detach keys are pressed. A problem when the platform is lost or cannot go on; the command
     * may then still run.
     *
     * @param tail how many bytes of earlier output to show first
     */
    public Ending run(long tail, ThreadFactory threads) {
        threads.newThread(this::type).start();
        Signals.onWindowChange(this::resize);
        lastHeardNanos = timing.nanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            try (WebSocket open = api.attach(address(tail))) {
                JsonObject exec = serve(open);
                if (exec != null) {
                    return new Ending.Ended(exec);
                }
            } catch (IOException broken) {
                // It is made anew below, unless we broke it ourselves.
            } catch (ProblemException problem) {
                if (!problem.problem().retryable() || isLost()) {
                    throw problem;
                }
            } finally {
                if (socket != null) {
                    // Counted from the break on: before it there may have been nothing to hear for hours.
                    lastHeardNanos = timing.nanos();
                    pause = FIRST_PAUSE;
                }
                socket = null;
            }
            if (detached) {
                return new Ending.Detached();
            }
            if (isLost()) {
                throw lost().asException();
            }
            if (!said) {
                streams.note("\r\n[the connection is lost: connecting again]\r\n");
                said = true;
            }
            timing.pause(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private String address(long tail) {
        Query query = Query.on(execPath + "/attach");
        return (placed ? query.with("offset", offset) : query.with("tail", tail)).path();
    }

    /** Shows what comes; returns the exec when it has ended, and null when the connection was closed. */
    private @Nullable JsonObject serve(WebSocket open) throws IOException {
        while (true) {
            switch (open.next()) {
                case WebSocket.Message.Closed closed -> {
                    return null;
                }
                case WebSocket.Message.Binary(byte[] bytes) -> {
                    AttachFrame frame = AttachFrame.read(bytes);
                    switch (frame.channel()) {
                        case AttachFrame.STDOUT -> show(frame, streams.out());
                        case AttachFrame.STDERR -> show(frame, streams.err());
                        case AttachFrame.ACCEPTED -> typed.acknowledged(frame.offset());
                        case AttachFrame.STATUS -> {
                            JsonObject exec = status(open, frame);
                            if (exec != null) {
                                return exec;
                            }
                        }
                        default -> {}
                    }
                }
            }
        }
    }

    private @Nullable JsonObject status(WebSocket open, AttachFrame frame) throws IOException {
        JsonObject status = frame.json();
        switch (status.getString("type", "")) {
            case "attached" -> attached(open, frame.offset(), status.getObject("exec", new JsonObject()));
            case "end" -> {
                return status.getObject("exec", new JsonObject());
            }
            case "problem" -> {
                if (status.getBoolean("last", false)) {
                    throw Problems.of(status.getObject("problem", new JsonObject()), 0)
                            .asException();
                }
            }
            default -> {}
        }
        return null;
    }

    private void attached(WebSocket open, long begins, JsonObject exec) throws IOException {
        if (!placed) {
            offset = begins;
            placed = true;
        }
        if (said) {
            streams.note("\r\n[connected again]\r\n");
            said = false;
        }
        synchronized (typed) {
            typed.acknowledged(exec.getObject("stdin", new JsonObject()).getLong("next_offset", 0));
            byte[] left = typed.left();
            for (int at = 0; at < left.length; at += BUFFER_BYTES) {
                open.send(AttachFrame.input(Arrays.copyOfRange(left, at, Math.min(left.length, at + BUFFER_BYTES))));
            }
            socket = open;
        }
        if (detached) {
            throw new IOException("let go of while it was connecting");
        }
        open.send(AttachFrame.resize(terminal.look()));
    }

    private void show(AttachFrame frame, OutputStream target) throws IOException {
        if (frame.offset() != offset) {
            throw new IOException("output is missing");
        }
        try {
            target.write(frame.bytes());
        } catch (IOException nobodyReads) {
            throw new ReaderGoneException();
        }
        offset += frame.bytes().length;
    }

    /** Reads the keyboard, on a thread of its own that nobody waits for. */
    private void type() {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            for (int count = streams.in().read(buffer);
                    count >= 0;
                    count = streams.in().read(buffer)) {
                byte[] passed = keys.pass(Arrays.copyOf(buffer, count), count);
                if (passed.length > 0) {
                    send(passed);
                }
                if (keys.detached()) {
                    detached = true;
                    closeSocket();
                    return;
                }
            }
        } catch (IOException unreadable) {
            // The terminal is gone: SIGHUP comes to us as well.
        }
    }

    private void send(byte[] bytes) {
        synchronized (typed) {
            typed.sent(bytes);
            WebSocket open = socket;
            if (open != null) {
                try {
                    open.send(AttachFrame.input(bytes));
                } catch (IOException broken) {
                    open.close();
                }
            }
        }
    }

    private void resize() {
        WebSocket open = socket;
        if (open != null) {
            try {
                open.send(AttachFrame.resize(terminal.look()));
            } catch (IOException broken) {
                // Every connection begins with the size.
                open.close();
            }
        }
    }

    private void closeSocket() {
        WebSocket open = socket;
        if (open != null) {
            open.close();
        }
    }

    private boolean isLost() {
        return timing.millisSince(lastHeardNanos) > RECONNECT_WITHIN_MILLIS;
    }

    private Problem lost() {
        return Problem.of(
                "platform_lost",
                ExitCode.UNAVAILABLE,
                "The platform at " + api.endpoint() + " has not answered for " + RECONNECT_WITHIN_MILLIS / 1_000
                        + " s; whether the command has ended is not known.",
                "See ./atoll status, and come back to it: ./atoll attach SANDBOX EXEC");
    }
}
