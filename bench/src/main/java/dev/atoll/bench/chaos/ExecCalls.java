package dev.atoll.bench.chaos;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.atoll.bench.chaos.Violation.Promise;
import dev.atoll.bench.rest.Answer;
import dev.atoll.bench.rest.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** What a client does with commands, written down before it is asked for and when it is acknowledged. For one thread. */
final class ExecCalls {
    private static final String WAIT = "?wait=60s";
    /** By far longer than any command that ends by itself takes on a machine that is busy. */
    private static final long ENDS_WITHIN_NANOS = 150_000_000_000L;

    private final PatientApi api;
    private final History history;
    private final World world;
    private final Numbers numbers;
    private final String run;
    private final LongSupplier clock;

    /** @param clock nanoseconds */
    ExecCalls(PatientApi api, History history, World world, Numbers numbers, String run, LongSupplier clock) {
        this.api = api;
        this.history = history;
        this.world = world;
        this.numbers = numbers;
        this.run = run;
        this.clock = clock;
    }

    /** Runs a command to its end; its tag. */
    String print(String tag, String sandbox, String sandboxId, Operation.Print print) throws IOException {
        Program program = Program.print(numbers.take(print.lines()), numbers.take(print.errorLines()), print.code());
        String path = start(tag, sandbox, sandboxId, program, print.waits());
        awaitEnd(tag, path);
        return tag;
    }

    /** Starts a command that counts; its tag. */
    String count(String tag, String sandbox, String sandboxId) throws IOException {
        start(tag, sandbox, sandboxId, Program.count(numbers.take(Program.COUNT_LINES)), false);
        return tag;
    }

    /** Runs a command that is not done when it has to be; its tag. */
    String timeOut(String tag, String sandbox, String sandboxId, Operation.TimeOut timeOut) throws IOException {
        Program program = Program.stay(numbers.take(timeOut.lines()), Optional.of(timeOut.millis() + "ms"));
        awaitEnd(tag, start(tag, sandbox, sandboxId, program, false));
        return tag;
    }

    /** Runs a command and ends it by a signal once it has printed something; its tag. */
    String signal(String tag, String sandbox, String sandboxId, Operation.Signal signal) throws IOException {
        String path =
                start(tag, sandbox, sandboxId, Program.stay(numbers.take(signal.lines()), Optional.empty()), false);
        String id = path.substring(path.lastIndexOf('/') + 1);
        while (world.awaitOutput(sandboxId, id, World.Stream.STDOUT, 0).length == 0) {
            requireRunning(path);
        }
        send(tag, path, signal.signal());
        return tag;
    }

    /** Ends a command that counts. */
    void stop(String tag, String sandboxId) throws IOException {
        String id = history.exec(tag).map(ExecFact::id).orElseThrow();
        send(tag, path(sandboxId, id), "SIGTERM");
    }

    private void send(String tag, String path, String signal) throws IOException {
        history.mayEnd(tag, Set.of(new End.Running(), new End.Signal(signal)));
        try {
            api.post(
                    path + "/signal",
                    api.freshKey(),
                    ("{\"signal\":\"" + signal + "\"}").getBytes(StandardCharsets.UTF_8));
        } catch (RefusedException refused) {
            // It was sent before, and the answer was lost.
            if (!refused.code().equals("exec_ended")) {
                throw refused;
            }
        }
        history.mayEnd(tag, Set.of(new End.Signal(signal)));
        awaitEnd(tag, path);
    }

    /** Runs a command that prints its input; its tag. Where the platform is with the input, the platform says. */
    String echo(String tag, String sandbox, String sandboxId, Operation.Echo echo) throws IOException {
        Program program = Program.echo(numbers.take(echo.lines()));
        String path = start(tag, sandbox, sandboxId, program, false);
        Pattern input = program.stdout();
        long offset = 0;
        boolean closed = false;
        while (!closed) {
            int length = (int) Math.min(echo.pieceBytes(), input.bytes() - offset);
            boolean last = offset + length == input.bytes();
            try {
                JsonObject accepted = api.postBytes(
                                path + "/input?offset=" + offset + "&close=" + last,
                                api.freshKey(),
                                input.slice(offset, length))
                        .json();
                offset = accepted.getLong("next_offset", offset);
                closed = accepted.getBoolean("closed", false);
            } catch (RefusedException refused) {
                switch (refused.code()) {
                    case PatientApi.INPUT_GAP ->
                        offset = api.get(path).json().getObject("stdin").getLong("next_offset", 0);
                    // It was closed before, and the answer was lost.
                    case "input_closed", "exec_ended" -> closed = true;
                    default -> throw refused;
                }
            }
        }
        awaitEnd(tag, path);
        return tag;
    }

    /** Reads some output that was written a while ago, and compares it at once. */
    void reread(String tag, String sandboxId, double from) throws IOException {
        ExecFact fact = history.exec(tag).orElseThrow();
        Optional<World.ExecSeen> seen = world.exec(sandboxId, fact.id());
        if (seen.isPresent()) {
            long offset = (long) (seen.get().stdoutBytes() * from);
            byte[] bytes = world.output(sandboxId, fact.id(), World.Stream.STDOUT, offset);
            OutputCheck.compare(
                            "exec " + tag + " " + fact.id() + ", read again",
                            World.Stream.STDOUT,
                            fact.program().stdout(),
                            offset,
                            bytes)
                    .ifPresent(history::violated);
        }
    }

    /** The path of a new exec. */
    private String start(String tag, String sandbox, String sandboxId, Program program, boolean waits)
            throws IOException {
        history.starting(tag, sandbox, program);
        Answer started = api.post(
                "/v1/sandboxes/" + sandboxId + "/execs" + (waits ? WAIT : ""), run + "-" + tag, program.request(tag));
        history.started(tag, started.text("id"));
        return path(sandboxId, started.text("id"));
    }

    private static String path(String sandboxId, String exec) {
        return "/v1/sandboxes/" + sandboxId + "/execs/" + exec;
    }

    private void awaitEnd(String tag, String path) throws IOException {
        long end = clock.getAsLong() + ENDS_WITHIN_NANOS;
        Answer now = api.get(path + WAIT);
        while (now.text("state").equals("running")) {
            if (clock.getAsLong() > end) {
                history.violated(new Violation(
                        Promise.EXEC_STALLED,
                        "exec " + tag + " " + path,
                        "it should have ended long ago: " + JsonWriter.string(now.json())));
                return;
            }
            now = api.get(path + WAIT);
        }
    }

    private void requireRunning(String path) throws IOException {
        if (!api.get(path).text("state").equals("running")) {
            throw new IOException(path + " ended before it printed anything");
        }
    }
}
