package dev.atoll.manager.view;

import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecState;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Shows the output of execs to readers with little room. The log stays as it is and where it is; a view holds at most one window of it
 * (4 MiB) beside its own text. Thread-safe.
 */
public final class OutputViews {
    /** A flood may overtake a look at its beginning; then it is looked at again. */
    private static final int TRIES = 5;

    private final Execs execs;
    private final LongSupplier nanos;

    /** {@code nanos} is a clock that only goes forward. */
    public OutputViews(Execs execs, LongSupplier nanos) {
        this.execs = execs;
        this.nanos = nanos;
    }

    /**
     * The view of what the exec has written by the time of its record. Throws {@code output_gone} when the offset that was asked for is not
     * kept any more, {@code offset_beyond_end}, and what {@link Execs#read} throws.
     */
    public OutputView look(Caller caller, Exec exec, ViewRequest wanted) {
        for (int tries = 1; ; tries++) {
            try {
                return once(caller, exec, wanted);
            } catch (ProblemException e) {
                boolean overtaken = e.problem().code() == ProblemCode.OUTPUT_GONE
                        && exec.state() == ExecState.RUNNING
                        && wanted.offset().isEmpty();
                if (!overtaken || tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private OutputView once(Caller caller, Exec asked, ViewRequest wanted) {
        Exec exec = asked.state() == ExecState.RUNNING && wanted.offset().isEmpty()
                ? execs.get(caller, asked.sandbox(), asked.id(), Duration.ZERO)
                : asked;
        ExecOutputBytes bytes = new ExecOutputBytes(execs, caller, exec, wanted.stream());
        long begin = wanted.offset().orElse(bytes.first());
        if (begin < bytes.first()) {
            throw bytes.gone(begin);
        }
        if (begin > bytes.end()) {
            throw Problem.of(
                            ProblemCode.OFFSET_BEYOND_END,
                            "There are " + bytes.end() + " bytes; offset " + begin + " was asked for.",
                            "Ask again later, or from a lower offset.")
                    .asException();
        }
        return look(bytes, wanted, hasFailed(exec), begin, nanos);
    }

    /** The first bytes of a stream as they are, at most {@code most}; none when they are not kept any more. */
    public byte[] beginning(Caller caller, Exec exec, StreamChoice stream, int most) {
        ExecOutputBytes bytes = new ExecOutputBytes(execs, caller, exec, stream);
        try {
            return bytes.first() > 0 ? new byte[0] : bytes.read(0, Math.min(most, bytes.end()));
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.OUTPUT_GONE) {
                return new byte[0];
            }
            throw e;
        }
    }

    /** The view of any bytes. */
    static OutputView look(OutputBytes bytes, ViewRequest wanted, boolean failed, long begin, LongSupplier nanos) {
        return wanted.grep().isPresent()
                ? new LineSearch(bytes, wanted, wanted.grep().get(), OutputLook.headPercent(failed), begin, nanos)
                        .look()
                : new OutputLook(bytes, wanted, failed, begin).look();
    }

    private static boolean hasFailed(Exec exec) {
        return exec.end().isPresent() && exec.end().get().exitCode().orElse(1) != 0;
    }
}
