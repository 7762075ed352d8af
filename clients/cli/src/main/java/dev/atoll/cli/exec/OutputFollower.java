package dev.atoll.cli.exec;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.FrameStream;
import dev.atoll.cli.http.Problems;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.terminal.ReaderGoneException;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.timing.Timing;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Writes a command's stdout to ours and its stderr to ours until it has ended. A stream that breaks is opened again at the byte
 * after the last one written, so every byte is written once. Used by one thread, for one exec.
 */
final class OutputFollower {
    /** How long the stream may be away before the platform counts as lost, in milliseconds: long enough for it to be restarted. */
    static final long RECONNECT_WITHIN_MILLIS = 60_000;
    /** Bytes moved by one write. */
    private static final int BUFFER_BYTES = 64 * 1_024;
    /** Most bytes of a frame that carries JSON. */
    private static final long MAX_JSON_BYTES = 1_024 * 1_024;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;
    private final String execPath;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final long until;
    private long offset;
    private long lastHeardNanos;
    private boolean heard;

    /** Follows everything, to the end. */
    OutputFollower(ApiClient api, StandardStreams streams, Timing timing, String execPath) {
        this(api, streams, timing, execPath, 0, Long.MAX_VALUE);
    }

    /**
     * @param from the first byte wanted
     * @param until where to stop, before the end of the exec if it has not ended; whole frames are written
     */
    OutputFollower(ApiClient api, StandardStreams streams, Timing timing, String execPath, long from, long until) {
        this.offset = from;
        this.until = until;
        this.api = api;
        this.streams = streams;
        this.timing = timing;
        this.execPath = execPath;
    }

    /**
     * Returns the exec as it ended, or nothing of it when it was stopped before that. A problem when the platform is lost or cannot go on;
     * the command may then still run.
     */
    JsonObject follow() {
        lastHeardNanos = timing.nanos();
        Duration pause = FIRST_PAUSE;
        while (offset < until) {
            long before = offset;
            try (FrameStream stream = api.follow(
                    Query.on(execPath + "/output").with("offset", offset).path())) {
                JsonObject ended = copy(stream);
                if (ended != null) {
                    return ended;
                }
            } catch (IOException broken) {
                // It is opened again below.
            } catch (ProblemException problem) {
                if (!problem.problem().retryable() || isLost()) {
                    throw problem;
                }
            }
            if (heard) {
                // Counted from the break on: before it, whoever reads our output may have kept us waiting for hours.
                lastHeardNanos = timing.nanos();
                heard = false;
            }
            if (isLost()) {
                throw lost().asException();
            }
            pause = offset > before ? FIRST_PAUSE : pause.multipliedBy(2);
            timing.pause(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
        }
        return new JsonObject();
    }

    /** Copies until the end, or as far as is wanted; null when the stream ended without one. */
    private @Nullable JsonObject copy(FrameStream stream) throws IOException {
        while (offset < until) {
            FrameStream.Header header = stream.next();
            heard = true;
            if (header == null) {
                return null;
            }
            switch (header.kind()) {
                case FrameStream.STDOUT -> write(stream, header, streams.out());
                case FrameStream.STDERR -> write(stream, header, streams.err());
                case FrameStream.END -> {
                    return json(stream, header);
                }
                case FrameStream.PROBLEM ->
                    throw Problems.of(json(stream, header), 0).asException();
                default -> stream.skip(header.length());
            }
        }
        return new JsonObject();
    }

    private void write(FrameStream stream, FrameStream.Header header, OutputStream target) throws IOException {
        if (header.offset() != offset) {
            throw gap(header.offset()).asException();
        }
        long left = header.length();
        while (left > 0) {
            int count = stream.read(buffer, left);
            try {
                target.write(buffer, 0, count);
            } catch (IOException nobodyReads) {
                throw new ReaderGoneException();
            }
            offset += count;
            left -= count;
        }
    }

    private JsonObject json(FrameStream stream, FrameStream.Header header) throws IOException {
        if (header.length() > MAX_JSON_BYTES) {
            throw new IOException("the last frame is too long");
        }
        try {
            return JsonParser.object().from(new String(stream.readWhole(header.length()), StandardCharsets.UTF_8));
        } catch (JsonParserException broken) {
            throw new IOException("the last frame is not JSON", broken);
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
                "See ./atoll status");
    }

    private Problem gap(long found) {
        return Problem.of(
                "output_gap",
                ExitCode.INTERNAL,
                "Output from byte " + offset + " on was expected, and the platform sent it from byte " + found + " on.",
                "Read the rest with the API: GET " + execPath + "/output");
    }
}
