package dev.atoll.cli.session;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.command.Flag;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.Answer;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.sandbox.SandboxDirectory;
import dev.atoll.cli.terminal.Age;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.terminal.Table;
import dev.atoll.cli.timing.Timing;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** {@code session create}, {@code session ls} and {@code session rm}. */
public final class SessionCommands {
    /** The options of {@code session create}. */
    public static final List<Flag> CREATE_FLAGS = List.of(
            Flag.of("name", "NAME", "what to call it"),
            Flag.of("shell", "SHELL", "bash or sh; unset means bash if there is one"),
            Flag.of("user", "USER", "run its commands as this user or number, with :GROUP after it if need be"),
            Flag.of("cwd", "DIRECTORY", "where its first command runs"),
            Flag.many("env", 'e', "NAME=VALUE", "a variable of its first command's environment"));

    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;

    public SessionCommands(ApiClient api, StandardStreams streams, Timing timing) {
        this.api = api;
        this.streams = streams;
        this.timing = timing;
    }

    /** {@code session create}: prints the id. */
    public int create(Invocation invocation) {
        String sandbox = new SandboxDirectory(api).id(invocation.operand("sandbox"));
        JsonObject request = new JsonObject();
        for (String flag : List.of("name", "shell", "user", "cwd")) {
            invocation.value(flag).ifPresent(value -> request.put(flag, value));
        }
        Map<String, String> env = invocation.pairs("env");
        if (!env.isEmpty()) {
            request.put("env", new JsonObject(env));
        }
        Answer made = api.post(new SessionChoice(api, sandbox).path(), request);
        streams.line(invocation.json() ? made.text() : made.json().getString("id", ""));
        return ExitCode.OK.number();
    }

    /** {@code session ls}: the oldest first. */
    public int list(Invocation invocation) {
        String sandbox = new SandboxDirectory(api).id(invocation.operand("sandbox"));
        Answer answer = api.get(new SessionChoice(api, sandbox).path());
        if (invocation.json()) {
            streams.line(answer.text());
            return ExitCode.OK.number();
        }
        Instant now = timing.clock().instant();
        Table table = new Table("ID", "NAME", "SHELL", "USER", "STATE", "LAST", "AGE");
        for (Object item : answer.json().getArray("items")) {
            JsonObject session = (JsonObject) item;
            if (invocation.quiet()) {
                streams.line(session.getString("id", ""));
            }
            table.row(
                    session.getString("id", ""),
                    session.getString("name", "-"),
                    session.getString("shell", "-"),
                    session.getString("user", "-"),
                    session.getString("state", "?"),
                    session.getString("last_exec_id", "-"),
                    Age.between(session.getString("created_at", ""), now));
        }
        if (!invocation.quiet()) {
            streams.print(table.text());
        }
        return ExitCode.OK.number();
    }

    /** {@code session rm}. */
    public int remove(Invocation invocation) {
        List<String> operands = invocation.operands();
        if (operands.size() < 2) {
            throw invocation.usage("Say which sandbox, and which of its sessions.");
        }
        SessionChoice choice = new SessionChoice(api, new SandboxDirectory(api).id(operands.getFirst()));
        for (String session : operands.subList(1, operands.size())) {
            String id = choice.id(session);
            api.delete(choice.path(id));
            if (!invocation.quiet() && !invocation.json()) {
                streams.line(id);
            }
        }
        return ExitCode.OK.number();
    }
}
