package dev.atoll.cli.sandbox;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.atoll.cli.command.Flag;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.Answer;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.terminal.StandardStreams;
import java.util.List;

/** {@code extend} and {@code hold}. */
public final class LifetimeCommands {
    /** The options of {@code hold}. */
    public static final List<Flag> HOLD_FLAGS = List.of(
            Flag.of("name", "NAME", "what to call the hold; unset means cli"),
            Flag.of("for", "DURATION", "for how long, such as 10m; unset means 10m"),
            Flag.sign("release", "give the hold up"));

    private static final String NAME = "cli";
    private static final String TIME = "10m";

    private final ApiClient api;
    private final StandardStreams streams;

    public LifetimeCommands(ApiClient api, StandardStreams streams) {
        this.api = api;
        this.streams = streams;
    }

    /** {@code extend}: prints when its time is over. */
    public int extend(Invocation invocation) {
        if (invocation.operands().size() != 2) {
            throw invocation.usage("Say which sandbox, and for how long from now.");
        }
        String id = new SandboxDirectory(api).id(invocation.operands().getFirst());
        JsonObject body = new JsonObject();
        body.put("for", invocation.operands().getLast());
        Answer answer = api.post(SandboxDirectory.path(id) + "/extend", body);
        streams.line(invocation.json() ? answer.text() : answer.json().getString("expires_at", ""));
        return ExitCode.OK.number();
    }

    /** {@code hold}: prints the holds that the sandbox then has. */
    public int hold(Invocation invocation) {
        String id = new SandboxDirectory(api).id(invocation.operand("sandbox"));
        String path = SandboxDirectory.path(id) + "/holds/"
                + Query.segment(invocation.value("name").orElse(NAME));
        Answer answer;
        if (invocation.has("release")) {
            answer = api.delete(path);
        } else {
            JsonObject body = new JsonObject();
            body.put("for", invocation.value("for").orElse(TIME));
            answer = api.put(path, body);
        }
        if (invocation.json()) {
            streams.line(answer.text());
        } else {
            JsonArray holds = answer.json().getArray("items", new JsonArray());
            holds.forEach(hold -> streams.line(((JsonObject) hold).getString("name", "") + " until "
                    + ((JsonObject) hold).getString("until", "")));
        }
        return ExitCode.OK.number();
    }
}
