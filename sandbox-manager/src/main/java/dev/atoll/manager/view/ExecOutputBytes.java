package dev.atoll.manager.view;

import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Duration;
import java.util.Arrays;

/** The output of an exec as its host keeps it. */
final class ExecOutputBytes implements OutputBytes {
    /** Below what one message from a host may hold. */
    private static final int PAGE_BYTES = 1 << 20;

    private final Execs execs;
    private final Caller caller;
    private final Exec exec;
    private final StreamChoice stream;
    private final long first;

    ExecOutputBytes(Execs execs, Caller caller, Exec exec, StreamChoice stream) {
        this.execs = execs;
        this.caller = caller;
        this.exec = exec;
        this.stream = stream;
        this.first = lowest();
    }

    @Override
    public long first() {
        return first;
    }

    @Override
    public long end() {
        return switch (stream) {
            case ALL -> exec.output().totalBytes();
            case STDOUT -> exec.output().stdoutBytes();
            case STDERR -> exec.output().stderrBytes();
        };
    }

    @Override
    public byte[] read(long offset, long to) {
        byte[] bytes = new byte[(int) (to - offset)];
        int filled = 0;
        while (filled < bytes.length) {
            OutputPage page = page(offset + filled, Math.min(PAGE_BYTES, bytes.length - filled));
            if (page.frames().isEmpty()) {
                return Arrays.copyOf(bytes, filled);
            }
            for (OutputFrame frame : page.frames()) {
                int length = Math.min(frame.bytes().length, bytes.length - filled);
                System.arraycopy(frame.bytes(), 0, bytes, filled, length);
                filled += length;
            }
        }
        return bytes;
    }

    private OutputPage page(long offset, long most) {
        return execs.read(caller, exec.sandbox(), exec.id(), new OutputQuery(stream, offset, most, Duration.ZERO));
    }

    /** The record knows it in the merged order only; in one stream it is looked for between what is gone and what is there. */
    private long lowest() {
        if (exec.output().firstOffset() == 0 || stream == StreamChoice.ALL) {
            return exec.output().firstOffset();
        }
        long gone = -1;
        long there = end();
        while (there - gone > 1) {
            long middle = gone + (there - gone) / 2;
            if (isThere(middle)) {
                there = middle;
            } else {
                gone = middle;
            }
        }
        return there;
    }

    private boolean isThere(long offset) {
        try {
            return offset >= end() || !page(offset, 1).frames().isEmpty();
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.OUTPUT_GONE) {
                return false;
            }
            throw e;
        }
    }

    /** What a reader is told who asks for a part that is not kept any more. */
    ProblemException gone(long offset) {
        return Problem.of(
                        ProblemCode.OUTPUT_GONE,
                        "Output before offset " + first + " was let go; " + offset + " was asked for.",
                        "Leave the offset out, or begin at " + first + ".")
                .asException();
    }
}
