package dev.atoll.cli.sandbox;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.Answer;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.terminal.Age;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.terminal.Table;
import dev.atoll.cli.timing.Timing;
import java.time.Instant;
import java.util.List;

/** {@code create} and {@code ls}. */
public final class SandboxCommands {
    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;

    public SandboxCommands(ApiClient api, StandardStreams streams, Timing timing) {
        this.api = api;
        this.streams = streams;
        this.timing = timing;
    }

    /** {@code create}: prints the id. A sandbox that is asked for is kept even when waiting for it fails: the problem names it. */
    public int create(Invocation invocation) {
        invocation.noOperands();
        SandboxCreation creation = new SandboxCreation(api, streams, timing);
        Answer answer = creation.ask(SandboxCreation.request(invocation), invocation.quiet(), () -> {});
        if (!invocation.has("no-wait")) {
            answer = creation.awaitRunning(answer, invocation.quiet(), () -> {});
        }
        streams.line(invocation.json() ? answer.text() : answer.json().getString("id", ""));
        return ExitCode.OK.number();
    }

    /** {@code ls}. */
    public int list(Invocation invocation) {
        invocation.noOperands();
        List<String> labels = invocation.pairs("label").entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .toList();
        JsonArray sandboxes = new SandboxDirectory(api).list(labels, invocation.has("all"));
        if (invocation.json()) {
            streams.line(
                    JsonWriter.string().object().array("items", sandboxes).end().done());
        } else if (invocation.quiet()) {
            sandboxes.forEach(sandbox -> streams.line(((JsonObject) sandbox).getString("id", "")));
        } else {
            streams.print(table(sandboxes));
        }
        return ExitCode.OK.number();
    }

    private String table(JsonArray sandboxes) {
        Instant now = timing.clock().instant();
        Table table = new Table("ID", "NAME", "IMAGE", "STATE", "CPU", "MEMORY", "AGE", "ENDS");
        for (Object item : sandboxes) {
            JsonObject sandbox = (JsonObject) item;
            JsonObject resources = sandbox.getObject("resources", new JsonObject());
            boolean ended = !sandbox.getString("ended_at", "").isEmpty();
            table.row(
                    sandbox.getString("id", ""),
                    sandbox.getString("name", "-"),
                    sandbox.getString("image", "-"),
                    state(sandbox),
                    resources.getString("cpu", "-"),
                    resources.getString("memory", "-"),
                    Age.between(sandbox.getString("created_at", ""), now),
                    ended
                            ? Age.between(sandbox.getString("ended_at", ""), now) + " ago"
                            : "in " + Age.between(sandbox.getString("expires_at", ""), now));
        }
        return table.text();
    }

    private static String state(JsonObject sandbox) {
        String reason = sandbox.getString("reason", "");
        return sandbox.getString("state", "?") + (reason.isEmpty() ? "" : " (" + reason + ")");
    }
}
