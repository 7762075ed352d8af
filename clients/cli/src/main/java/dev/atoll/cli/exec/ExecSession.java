package dev.atoll.cli.exec;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.attach.AttachSession;
import dev.atoll.cli.attach.Ending;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.Answer;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.sandbox.SandboxDirectory;
import dev.atoll.cli.terminal.RawTerminal;
import dev.atoll.cli.terminal.ReaderGoneException;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.terminal.StreamKinds.Input;
import dev.atoll.cli.timing.Timing;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/** Runs one command in a sandbox as if it ran here: its streams are ours, our signals are its, and its end is ours. */
public final class ExecSession {
    private static final String STEP = "30s";

    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;
    private final ThreadFactory threads;
    private final String term;

    /** @param term what our terminal is, as the variable {@code TERM} has it */
    public ExecSession(ApiClient api, StandardStreams streams, Timing timing, ThreadFactory threads, String term) {
        this.term = term;
        this.api = api;
        this.streams = streams;
        this.timing = timing;
        this.threads = threads;
    }

    /**
     * How it ended for us.
     *
     * @param goesOn whether we let go of the command while it ran
     */
    public record Result(int exitCode, boolean goesOn) {}

    /** Refuses, before anything is made, what cannot be run as it is asked for. */
    public void check(Invocation invocation) {
        if (invocation.has("tty")) {
            requireTerminal();
        }
    }

    /** Runs the command line of {@code invocation} in the sandbox. */
    public Result run(String sandboxId, Invocation invocation, Map<String, String> env, SignalRelay relay) {
        return invocation.has("tty")
                ? onTerminal(sandboxId, ExecFlags.request(invocation, true), env, invocation.quiet(), relay)
                : new Result(overPipes(sandboxId, invocation, env, relay), false);
    }

    /** Runs a command on a terminal that is ours. A problem when our stdin is none. */
    Result onTerminal(String sandboxId, JsonObject request, Map<String, String> env, boolean quiet, SignalRelay relay) {
        requireTerminal();
        String execs = SandboxDirectory.path(sandboxId) + "/execs";
        Ending ending;
        String path;
        try (RawTerminal terminal = RawTerminal.take()) {
            Map<String, String> withTerm = new LinkedHashMap<>(Map.of("TERM", term));
            withTerm.putAll(env);
            request.put("env", new JsonObject(withTerm));
            JsonObject size = new JsonObject();
            size.put("rows", terminal.size().rows());
            size.put("columns", terminal.size().columns());
            request.put("terminal", size);
            path = execs + "/" + api.post(execs, request).json().getString("id", "");
            relay.target(path);
            ending = attached(path, terminal, Long.MAX_VALUE);
        }
        return result(sandboxId, path, ending, quiet);
    }

    /** Comes back to a command that runs on a terminal, and shows the last {@code tail} bytes that it wrote. */
    Result comeBack(String sandboxId, String path, long tail, boolean quiet, SignalRelay relay) {
        requireTerminal();
        Ending ending;
        try (RawTerminal terminal = RawTerminal.take()) {
            relay.target(path);
            ending = attached(path, terminal, tail);
        }
        return result(sandboxId, path, ending, quiet);
    }

    private Ending attached(String path, RawTerminal terminal, long tail) {
        try {
            return new AttachSession(api, streams, timing, path, terminal).run(tail, threads);
        } catch (ReaderGoneException gone) {
            hangUp(path);
            throw gone;
        }
    }

    private Result result(String sandboxId, String path, Ending ending, boolean quiet) {
        return switch (ending) {
            case Ending.Ended(JsonObject exec) -> new Result(ended(ExecOutcome.of(exec), quiet), false);
            case Ending.Detached() -> {
                String exec = path.substring(path.lastIndexOf('/') + 1);
                streams.note("\natoll: let go of it; it goes on as " + exec + "\n  hint: ./atoll attach " + sandboxId
                        + " " + exec + "\n");
                yield new Result(0, true);
            }
        };
    }

    private void requireTerminal() {
        if (streams.kinds().input() != Input.TERMINAL) {
            throw Problem.of(
                            "not_a_terminal",
                            ExitCode.USAGE,
                            "stdin is no terminal, and a command can only be put on a terminal that is there.",
                            "Leave --tty out to pass stdin on as it is.")
                    .asException();
        }
    }

    private int overPipes(String sandboxId, Invocation invocation, Map<String, String> env, SignalRelay relay) {
        return overPipes(sandboxId, invocation, request -> ExecFlags.request(invocation, request), env, relay);
    }

    /** Runs a command with our streams for its own. */
    int overPipes(
            String sandboxId,
            Invocation invocation,
            Function<Boolean, JsonObject> command,
            Map<String, String> env,
            SignalRelay relay) {
        boolean stdin = passesStdin(invocation);
        JsonObject request = command.apply(stdin);
        if (!env.isEmpty()) {
            request.put("env", new JsonObject(env));
        }
        JsonObject exec =
                api.post(SandboxDirectory.path(sandboxId) + "/execs", request).json();
        return join(sandboxId, exec, stdin, invocation, relay);
    }

    /** Whether a command gets our stdin. */
    public boolean passesStdin(Invocation invocation) {
        Input input = streams.kinds().input();
        return input == Input.DATA || input == Input.TERMINAL || invocation.has("interactive");
    }

    /** Joins our streams and signals to a command that has just been started, and returns the exit code of its end. */
    public int join(String sandboxId, JsonObject exec, boolean stdin, Invocation invocation, SignalRelay relay) {
        String path = SandboxDirectory.path(sandboxId) + "/execs/" + exec.getString("id", "");
        relay.target(path);
        if (stdin) {
            threads.newThread(new StdinPump(api, streams, path)).start();
        }
        if (invocation.json()) {
            return printed(path);
        }
        return ended(ExecOutcome.of(follow(path, exec)), invocation.quiet());
    }

    private int ended(ExecOutcome outcome, boolean quiet) {
        if (!outcome.note().isEmpty() && !quiet) {
            streams.note("atoll: " + outcome.note() + "\n");
        }
        return outcome.exitCode();
    }

    /** A command that had ended before it could write, because it does not exist for instance, has nothing to follow. */
    private JsonObject follow(String path, JsonObject exec) {
        boolean silent = exec.getObject("output", new JsonObject()).getLong("total_bytes", 0) == 0;
        if (hasEnded(exec) && silent) {
            return exec;
        }
        try {
            JsonObject last = new OutputFollower(api, streams, timing, path).follow();
            return hasEnded(last) ? last : awaitEnd(path).json();
        } catch (ReaderGoneException gone) {
            hangUp(path);
            throw gone;
        }
    }

    /** What a terminal that goes away does to the commands on it; whoever means to stay ignores it. */
    private void hangUp(String path) {
        try {
            api.post(path + "/signal", new JsonObject(Map.of("signal", "SIGHUP")));
        } catch (ProblemException ended) {
            // Then it has nothing to write any more either.
        }
    }

    /** Waits for the end and prints the exec with the beginning of its output, as the API tells it. */
    private int printed(String path) {
        Answer answer = awaitEnd(path);
        streams.line(answer.text());
        return ExecOutcome.of(answer.json()).exitCode();
    }

    private Answer awaitEnd(String path) {
        Answer answer;
        do {
            answer = api.get(Query.on(path).with("wait", STEP).path());
        } while (!hasEnded(answer.json()));
        return answer;
    }

    private static boolean hasEnded(JsonObject exec) {
        return exec.getString("state", "").equals("ended");
    }
}
