package dev.atoll.cli.code;

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

/** {@code code create}, {@code ls}, {@code interrupt}, {@code restart} and {@code rm}. */
public final class CodeCommands {
    /** The options of {@code code create}. */
    public static final List<Flag> CREATE_FLAGS = List.of(
            Flag.of("language", "LANGUAGE", "a kernel of the image, such as node; unset means python"),
            Flag.of("user", "USER", "run it as this user or number, with :GROUP after it if need be"),
            Flag.of("cwd", "DIRECTORY", "run it in this directory of the sandbox"),
            Flag.many("env", 'e', "NAME=VALUE", "a variable of its environment"));

    static final String DEFAULT_LANGUAGE = "python";

    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;

    public CodeCommands(ApiClient api, StandardStreams streams, Timing timing) {
        this.api = api;
        this.streams = streams;
        this.timing = timing;
    }

    /** {@code code create}: prints the id. */
    public int create(Invocation invocation) {
        String sandbox = new SandboxDirectory(api).id(invocation.operand("sandbox"));
        JsonObject request = new JsonObject();
        request.put("language", invocation.value("language").orElse(DEFAULT_LANGUAGE));
        for (String flag : List.of("user", "cwd")) {
            invocation.value(flag).ifPresent(value -> request.put(flag, value));
        }
        Map<String, String> env = invocation.pairs("env");
        if (!env.isEmpty()) {
            request.put("env", new JsonObject(env));
        }
        return shown(api.post(new ContextChoice(api, sandbox).path(), request), invocation);
    }

    /** {@code code ls}: the oldest first. */
    public int list(Invocation invocation) {
        String sandbox = new SandboxDirectory(api).id(invocation.operand("sandbox"));
        Answer answer = api.get(new ContextChoice(api, sandbox).path());
        if (invocation.json()) {
            streams.line(answer.text());
            return ExitCode.OK.number();
        }
        Instant now = timing.clock().instant();
        Table table = new Table("ID", "LANGUAGE", "USER", "STATE", "LAST", "RESTARTS", "AGE");
        for (Object item : answer.json().getArray("items")) {
            JsonObject context = (JsonObject) item;
            if (invocation.quiet()) {
                streams.line(context.getString("id", ""));
            }
            table.row(
                    context.getString("id", ""),
                    context.getString("language", "-"),
                    context.getString("user", "-"),
                    context.getString("state", "?"),
                    context.getString("last_run_id", "-"),
                    String.valueOf(context.getInt("restarts", 0)),
                    Age.between(context.getString("created_at", ""), now));
        }
        if (!invocation.quiet()) {
            streams.print(table.text());
        }
        return ExitCode.OK.number();
    }

    /** {@code code interrupt}. */
    public int interrupt(Invocation invocation) {
        return act(invocation, "/interrupt");
    }

    /** {@code code restart}. */
    public int restart(Invocation invocation) {
        return act(invocation, "/restart");
    }

    /** {@code code rm}. */
    public int remove(Invocation invocation) {
        List<String> operands = invocation.operands();
        if (operands.size() < 2) {
            throw invocation.usage("Say which sandbox, and which of its contexts.");
        }
        ContextChoice choice = new ContextChoice(api, new SandboxDirectory(api).id(operands.getFirst()));
        for (String id : operands.subList(1, operands.size())) {
            api.delete(choice.path(id));
            if (!invocation.quiet() && !invocation.json()) {
                streams.line(id);
            }
        }
        return ExitCode.OK.number();
    }

    private int act(Invocation invocation, String verb) {
        List<String> operands = invocation.operands();
        if (operands.isEmpty() || operands.size() > 2) {
            throw invocation.usage("Say which sandbox, and which context of it unless there is just one.");
        }
        ContextChoice choice = new ContextChoice(api, new SandboxDirectory(api).id(operands.getFirst()));
        String id = operands.size() == 2 ? operands.getLast() : choice.only(invocation);
        return shown(api.post(choice.path(id) + verb), invocation);
    }

    private int shown(Answer context, Invocation invocation) {
        streams.line(invocation.json() ? context.text() : context.json().getString("id", ""));
        return ExitCode.OK.number();
    }
}
