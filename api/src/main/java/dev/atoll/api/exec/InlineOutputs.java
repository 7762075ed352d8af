package dev.atoll.api.exec;

import dev.atoll.api.http.HttpLimits;
import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;

/** The beginning of what an ended exec has written, for the answer to a call that waited for its end. */
public final class InlineOutputs {
    /**
     * The beginning of one stream.
     *
     * @param truncated whether the stream has more
     */
    @SuppressWarnings("ArrayRecordComponent") // made here, written once, never shared
    public record Inline(byte[] bytes, boolean truncated) {}

    /** Both streams. */
    public record Both(Inline stdout, Inline stderr) {}

    private final Execs execs;

    public InlineOutputs(Execs execs) {
        this.execs = execs;
    }

    /** Both streams of an exec of which the beginnings have been read. */
    public static Both of(Exec exec, byte[] stdout, byte[] stderr) {
        return new Both(
                cut(stdout, exec.output().stdoutBytes()),
                cut(stderr, exec.output().stderrBytes()));
    }

    public Both read(Caller caller, Exec exec) {
        return read(caller, exec, 2 * HttpLimits.INLINE_OUTPUT_BYTES);
    }

    /** Both with at most so many bytes together. */
    public Both read(Caller caller, Exec exec, int most) {
        Inline stdout = read(caller, exec, StreamChoice.STDOUT, exec.output().stdoutBytes(), most);
        return new Both(
                stdout,
                read(caller, exec, StreamChoice.STDERR, exec.output().stderrBytes(), most - stdout.bytes().length));
    }

    private Inline read(Caller caller, Exec exec, StreamChoice stream, long written, int most) {
        if (written == 0 || most == 0) {
            return new Inline(new byte[0], written > 0);
        }
        byte[] bytes;
        try {
            bytes = beginning(caller, exec, stream, Math.min(written, most));
        } catch (ProblemException e) {
            if (e.problem().code() != ProblemCode.OUTPUT_GONE) {
                throw e;
            }
            bytes = new byte[0];
        }
        return cut(bytes, written);
    }

    private static Inline cut(byte[] bytes, long written) {
        boolean truncated = bytes.length < written;
        int shown = truncated ? Utf8.wholeCharacters(bytes, bytes.length) : bytes.length;
        return new Inline(Arrays.copyOf(bytes, shown), truncated);
    }

    private byte[] beginning(Caller caller, Exec exec, StreamChoice stream, long written) {
        int wanted = (int) Math.min(written, HttpLimits.INLINE_OUTPUT_BYTES);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(wanted);
        boolean more = true;
        while (more && bytes.size() < wanted) {
            OutputPage page = execs.read(
                    caller,
                    exec.sandbox(),
                    exec.id(),
                    new OutputQuery(stream, bytes.size(), wanted - bytes.size(), Duration.ZERO));
            for (OutputFrame frame : page.frames()) {
                bytes.write(frame.bytes(), 0, Math.min(frame.bytes().length, wanted - bytes.size()));
            }
            more = !page.eof() && !page.frames().isEmpty();
        }
        return bytes.toByteArray();
    }
}
