package dev.atoll.cli.sandbox;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.atoll.cli.command.Command;
import dev.atoll.cli.command.Flag;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.terminal.StandardStreams;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code events}: what happened to a sandbox or to all, one line each, and what goes on happening. */
public final class EventsCommand implements Command.Action {
    /** Its options. */
    public static final List<Flag> FLAGS = List.of(
            Flag.sign("follow", 'f', "go on with what happens from now on, until Ctrl-C"),
            Flag.of("after", "CURSOR", "begin after this event, as --json shows it"));

    private static final int PAGE = 500;
    private static final String WAIT = "30s";

    private final ApiClient api;
    private final StandardStreams streams;

    public EventsCommand(ApiClient api, StandardStreams streams) {
        this.api = api;
        this.streams = streams;
    }

    @Override
    public int run(Invocation invocation) {
        String path = invocation.operands().isEmpty()
                ? "/v1/events"
                : SandboxDirectory.path(new SandboxDirectory(api).id(invocation.operand("sandbox"))) + "/events";
        String after = invocation.value("after").orElse("");
        boolean follow = invocation.has("follow");
        while (true) {
            Query query = Query.on(path).with("limit", PAGE);
            if (!after.isEmpty()) {
                query.with("after", after);
            }
            if (follow) {
                query.with("wait", WAIT);
            }
            JsonObject page = api.get(query.path()).json();
            for (Object event : page.getArray("items")) {
                streams.line(invocation.json() ? JsonWriter.string(event) : line((JsonObject) event));
            }
            after = page.getString("next_cursor", after);
            if (!follow && page.getArray("items").isEmpty()) {
                return ExitCode.OK.number();
            }
        }
    }

    private static String line(JsonObject event) {
        String facts = event.getObject("facts", new JsonObject()).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(fact -> fact.getKey() + "=" + fact.getValue())
                .collect(Collectors.joining(" "));
        String line = "%-27s %s %-18s %s"
                .formatted(
                        event.getString("time", "-"),
                        event.getString("sandbox_id", "-"),
                        event.getString("type", "-"),
                        facts);
        return line.stripTrailing();
    }
}
