package dev.atoll.cli.exec;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.Answer;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.sandbox.SandboxDirectory;
import dev.atoll.cli.terminal.ReaderGoneException;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.terminal.StreamKinds.Input;
import dev.atoll.cli.timing.Timing;
import java.util.Map;
import java.util.concurrent.ThreadFactory;

/** Runs one command in a sandbox as if it ran here: its streams are ours, our signals are its, and its end is ours. */
public final class ExecSession {
    private static final String STEP = "30s";

    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;
    private final ThreadFactory threads;

    public ExecSession(ApiClient api, StandardStreams streams, Timing timing, ThreadFactory threads) {
        this.api = api;
        this.streams = streams;
        this.timing = timing;
        this.threads = threads;
    }

    /** Runs the command line of {@code invocation} in the sandbox and returns the exit code. */
    public int run(String sandboxId, Invocation invocation, Map<String, String> env, SignalRelay relay) {
        Input input = streams.kinds().input();
        boolean stdin = input == Input.DATA || input == Input.TERMINAL;
        JsonObject request = ExecFlags.request(invocation, stdin);
        if (!env.isEmpty()) {
            request.put("env", new JsonObject(env));
        }
        String execs = SandboxDirectory.path(sandboxId) + "/execs";
        JsonObject exec = api.post(execs, request).json();
        String path = execs + "/" + exec.getString("id", "");
        relay.target(path);
        if (stdin) {
            threads.newThread(new StdinPump(api, streams, path)).start();
        }
        if (invocation.json()) {
            return printed(path);
        }
        ExecOutcome outcome = ExecOutcome.of(follow(path, exec));
        if (!outcome.note().isEmpty() && !invocation.quiet()) {
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
