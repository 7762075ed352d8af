package dev.atoll.manager.host;

import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.OutputQuery;
import dev.atoll.model.exec.OutputState;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/**
 * A process of a {@link FakeHost}. It knows these commands: {@code true}, {@code false}, {@code exit N}, {@code echo WORDS} to stdout,
 * {@code err WORDS} to stderr, {@code bytes N} writes that many, {@code cat} copies stdin to stdout until it is closed, {@code sleep} runs
 * until it gets a signal. Any other one does not exist: 127.
 */
final class FakeExec {
    private static final int FRAME_BYTES = 64 * 1024;

    private record Written(StdStream stream, byte[] bytes, Instant at) {}

    private final ExecId id;
    private final SandboxId sandbox;
    private final ExecSpec spec;
    private final Clock clock;
    private final Instant startedAt;
    private final List<Written> output = new ArrayList<>();
    private final List<Integer> signals = new ArrayList<>();
    private Optional<ExecEnd> end = Optional.empty();
    private long inputOffset;
    private boolean inputClosed;

    FakeExec(ExecId id, SandboxId sandbox, ExecSpec spec, Clock clock) {
        this.id = id;
        this.sandbox = sandbox;
        this.spec = spec;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.inputClosed = !spec.stdin();
    }

    synchronized void run() {
        List<String> argv = spec.argv();
        String rest = String.join(" ", argv.subList(1, argv.size()));
        switch (argv.getFirst()) {
            case "true" -> exit(0);
            case "false" -> exit(1);
            case "exit" -> exit(Integer.parseInt(rest));
            case "echo" -> {
                write(StdStream.STDOUT, (rest + "\n").getBytes(StandardCharsets.UTF_8));
                exit(0);
            }
            case "err" -> {
                write(StdStream.STDERR, (rest + "\n").getBytes(StandardCharsets.UTF_8));
                exit(0);
            }
            case "bytes" -> {
                writeMany(Integer.parseInt(rest));
                exit(0);
            }
            case "cat" -> {
                if (inputClosed) {
                    exit(0);
                }
            }
            case "sleep" -> {}
            default ->
                end(ExecEndReason.EXITED, OptionalInt.of(127), OptionalInt.empty(), Optional.of("command not found"));
        }
    }

    synchronized Exec view() {
        long stdout = bytesOf(StreamChoice.STDOUT);
        long stderr = bytesOf(StreamChoice.STDERR);
        return new Exec(
                id, sandbox, spec, startedAt, end, new OutputState(stdout, stderr, 0), inputOffset, inputClosed);
    }

    synchronized Exec awaitEnd(Duration wait) {
        await(wait, () -> end.isPresent());
        return view();
    }

    synchronized OutputPage read(OutputQuery query) {
        if (query.offset() > bytesOf(query.stream())) {
            throw Problem.of(ProblemCode.OFFSET_BEYOND_END, "There is no such offset yet.")
                    .asException();
        }
        await(query.waitFor(), () -> bytesOf(query.stream()) > query.offset() || end.isPresent());
        List<OutputFrame> frames = new ArrayList<>();
        long position = 0;
        long left = query.maxBytes();
        for (Written written : output) {
            if (!query.stream().includes(written.stream())) {
                continue;
            }
            int from = (int) Math.max(0, query.offset() - position);
            int length = (int) Math.min(left, written.bytes().length - from);
            if (length > 0) {
                byte[] bytes = Arrays.copyOfRange(written.bytes(), from, from + length);
                frames.add(new OutputFrame(written.stream(), position + from, written.at(), bytes));
                left -= length;
            }
            position += written.bytes().length;
        }
        long next = frames.isEmpty() ? query.offset() : frames.getLast().endOffset();
        return new OutputPage(frames, next, end.isPresent() && next == bytesOf(query.stream()));
    }

    /** Writes the new size, as a program that asks at every change does. */
    synchronized void resize(TerminalSize size) {
        if (spec.terminal().isEmpty()) {
            throw Problem.of(ProblemCode.NOT_A_TERMINAL, "The exec has no terminal.")
                    .asException();
        }
        if (end.isPresent()) {
            throw Problem.of(ProblemCode.EXEC_ENDED, "The exec has ended.").asException();
        }
        write(StdStream.STDOUT, (size.rows() + " " + size.columns() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    synchronized InputAccepted input(long offset, byte[] data, boolean close) {
        if (offset > inputOffset) {
            throw Problem.of(ProblemCode.INPUT_GAP, "Input before this is missing.")
                    .asException();
        }
        int known = (int) Math.min(data.length, inputOffset - offset);
        if (known < data.length) {
            if (end.isPresent()) {
                throw Problem.of(ProblemCode.EXEC_ENDED, "The exec has ended.", "Nothing can be sent to it.")
                        .asException();
            }
            if (inputClosed) {
                throw Problem.of(ProblemCode.INPUT_CLOSED, "stdin is closed.").asException();
            }
            byte[] fresh = Arrays.copyOfRange(data, known, data.length);
            inputOffset += fresh.length;
            if (spec.argv().getFirst().equals("cat")) {
                write(StdStream.STDOUT, fresh);
            }
        }
        if (close && !inputClosed) {
            inputClosed = true;
            if (spec.argv().getFirst().equals("cat") && end.isEmpty()) {
                exit(0);
            }
        }
        return new InputAccepted(inputOffset, inputClosed);
    }

    synchronized InputAppended append(byte[] data, boolean close) {
        long offset = inputOffset;
        InputAccepted accepted = input(offset, data, close);
        return new InputAppended(offset, accepted.nextOffset(), accepted.closed());
    }

    synchronized void signal(int signo) {
        if (end.isPresent()) {
            throw Problem.of(ProblemCode.EXEC_ENDED, "The exec has ended.", "Nothing can be sent to it.")
                    .asException();
        }
        signals.add(signo);
        end(ExecEndReason.SIGNALED, OptionalInt.empty(), OptionalInt.of(signo), Optional.empty());
    }

    synchronized void sandboxGone() {
        if (end.isEmpty()) {
            end(ExecEndReason.SANDBOX_STOPPED, OptionalInt.empty(), OptionalInt.empty(), Optional.empty());
        }
    }

    synchronized List<Integer> signals() {
        return List.copyOf(signals);
    }

    private void writeMany(int count) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            frame.write('a' + i % 26);
            if (frame.size() == FRAME_BYTES || i == count - 1) {
                write(StdStream.STDOUT, frame.toByteArray());
                frame.reset();
            }
        }
    }

    private void write(StdStream stream, byte[] bytes) {
        output.add(new Written(stream, bytes, clock.instant()));
        notifyAll();
    }

    private long bytesOf(StreamChoice choice) {
        return output.stream()
                .filter(written -> choice.includes(written.stream()))
                .mapToLong(written -> written.bytes().length)
                .sum();
    }

    private void exit(int code) {
        end(ExecEndReason.EXITED, OptionalInt.of(code), OptionalInt.empty(), Optional.empty());
    }

    private void end(ExecEndReason reason, OptionalInt code, OptionalInt signal, Optional<String> error) {
        end = Optional.of(new ExecEnd(reason, code, signal, error, clock.instant(), 1, 1L << 20));
        inputClosed = true;
        notifyAll();
    }

    private void await(Duration wait, BooleanSupplier condition) {
        long until = System.nanoTime() + wait.toNanos();
        try {
            for (long left = wait.toNanos(); left > 0 && !condition.getAsBoolean(); left = until - System.nanoTime()) {
                wait(Math.max(1, left / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.HOST_UNAVAILABLE, "The call was interrupted.")
                    .asException();
        }
    }
}
