package dev.atoll.cli.sandbox;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.terminal.Progress;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.timing.Timing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code rm}: asks for the end of all, then waits for each. Goes on after a failure, and ends with the first one's code. */
public final class RemoveCommand implements Action {
    /** Longest wait for the end of all, in milliseconds. */
    static final long WITHIN_MILLIS = 120_000;

    private static final String STEP = "2s";

    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;

    public RemoveCommand(ApiClient api, StandardStreams streams, Timing timing) {
        this.api = api;
        this.streams = streams;
        this.timing = timing;
    }

    @Override
    public int run(Invocation invocation) {
        if (invocation.operands().isEmpty()) {
            throw invocation.usage("Say which sandbox.");
        }
        @Nullable Problem first = null;
        List<String> ids = new ArrayList<>();
        SandboxDirectory directory = new SandboxDirectory(api);
        for (String operand : invocation.operands()) {
            try {
                String id = directory.id(operand);
                api.delete(SandboxDirectory.path(id));
                ids.add(id);
            } catch (ProblemException failed) {
                if (first != null) {
                    streams.problem(failed.problem(), invocation.json());
                }
                first = first == null ? failed.problem() : first;
            }
        }
        JsonArray removed = awaitEnds(ids, invocation);
        if (invocation.json()) {
            streams.line(
                    JsonWriter.string().object().array("items", removed).end().done());
        }
        if (first != null) {
            throw first.asException();
        }
        return ExitCode.OK.number();
    }

    private JsonArray awaitEnds(List<String> ids, Invocation invocation) {
        JsonArray removed = new JsonArray();
        long start = timing.nanos();
        try (Progress progress = Progress.of(streams, timing, invocation.quiet(), "removing")) {
            for (String id : ids) {
                JsonObject sandbox;
                do {
                    if (timing.millisSince(start) > WITHIN_MILLIS) {
                        throw stuck(id).asException();
                    }
                    progress.at(id);
                    sandbox = api.delete(Query.on(SandboxDirectory.path(id))
                                    .with("wait", STEP)
                                    .path())
                            .json();
                } while (sandbox.getString("ended_at", "").isEmpty());
                removed.add(sandbox);
                progress.close();
                if (!invocation.json() && !invocation.quiet()) {
                    streams.line(id);
                }
            }
        }
        return removed;
    }

    private static Problem stuck(String id) {
        return Problem.of(
                "sandbox_stopping",
                ExitCode.TEMPORARY,
                "The sandbox " + id + " is still being taken down after " + WITHIN_MILLIS / 1_000 + " s.",
                "The platform goes on with it; see ./atoll ls --all");
    }
}
