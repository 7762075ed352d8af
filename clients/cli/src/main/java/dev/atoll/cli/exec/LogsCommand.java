package dev.atoll.cli.exec;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.timing.Timing;
import java.util.Optional;

/** {@code logs}: what a command has written, and with --follow what it goes on to write. */
public final class LogsCommand implements Action {
    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;

    public LogsCommand(ApiClient api, StandardStreams streams, Timing timing) {
        this.api = api;
        this.streams = streams;
        this.timing = timing;
    }

    @Override
    public int run(Invocation invocation) {
        if (invocation.json()) {
            throw invocation.usage("What a command wrote is bytes and has no form in JSON here; the API has one.");
        }
        Optional<Long> since = invocation.value("since").map(text -> offset(invocation, text));
        ExecChoice choice = ExecChoice.of(invocation, api);
        JsonObject output = choice.exec().getObject("output", new JsonObject());
        long from = since.orElse(output.getLong("first_offset", 0));
        long until = invocation.has("follow") ? Long.MAX_VALUE : output.getLong("total_bytes", 0);
        new OutputFollower(api, streams, timing, choice.path(), from, until).follow();
        return ExitCode.OK.number();
    }

    private static long offset(Invocation invocation, String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw invocation.usage("--since takes the offset of a byte, and got '" + text + "'.");
        }
        return Long.parseLong(text);
    }
}
