package dev.atoll.cli.code;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Flag;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.sandbox.SandboxDirectory;
import dev.atoll.cli.terminal.ReaderGoneException;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.timing.Timing;
import java.util.List;
import java.util.function.Supplier;

/** {@code code run}: a piece of code in a context, and what comes of it. */
public final class CodeRunCommand implements Action {
    /** The options of {@code code run}. */
    public static final List<Flag> FLAGS = List.of(
            Flag.of("file", "FILE", "take the code from this file; stdin has it when no code is said"),
            Flag.of("language", "LANGUAGE", "a kernel of the image; unset means what FILE's name says, else python"),
            Flag.of("context", "CONTEXT", "run it in this one; unset means one that all share, made when need be"),
            Flag.of("timeout", "DURATION", "interrupt the code after this long, such as 30s or 10m"),
            Flag.sign("queue", "when something runs in the context, wait for its end"));

    private static final int FAILED = 1;
    private static final int INTERRUPTED = 130;
    private static final String STEP = "30s";

    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;
    private final Supplier<RunInterrupts> interrupts;

    public CodeRunCommand(ApiClient api, StandardStreams streams, Timing timing, Supplier<RunInterrupts> interrupts) {
        this.api = api;
        this.streams = streams;
        this.timing = timing;
        this.interrupts = interrupts;
    }

    @Override
    public int run(Invocation invocation) {
        CodeSource source = CodeSource.of(invocation, streams);
        ContextChoice choice = new ContextChoice(api, new SandboxDirectory(api).id(source.sandbox()));
        String context = choice.path(invocation
                .value("context")
                .orElseGet(() -> choice.shared(
                        invocation.value("language").or(source::language).orElse(CodeCommands.DEFAULT_LANGUAGE))));
        JsonObject request = new JsonObject();
        request.put("code", source.code());
        invocation.value("timeout").ifPresent(timeout -> request.put("timeout", timeout));
        RunInterrupts signals = interrupts.get();
        String run = context + "/runs/" + start(context, request, invocation.has("queue"), signals);
        RunFollower follower = new RunFollower(api, streams, timing);
        try {
            if (invocation.json()) {
                String record = follower.record(run);
                streams.line(record);
                return exitCode(reason(record), true);
            }
            return exitCode(follower.follow(run), invocation.quiet());
        } catch (ReaderGoneException gone) {
            signals.interrupt();
            throw gone;
        }
    }

    /** Starts the run and returns its id. Signals reach it from then on, so that none is meant for what somebody else runs. */
    private String start(String context, JsonObject request, boolean queue, RunInterrupts signals) {
        while (true) {
            try {
                String id = api.post(context + "/runs", request).json().getString("id", "");
                signals.target(context);
                return id;
            } catch (ProblemException refused) {
                if (!queue || !refused.problem().is("context_busy")) {
                    throw refused;
                }
            }
            String running = api.get(context).json().getString("last_run_id", "");
            if (!running.isEmpty()) {
                api.get(Query.on(context + "/runs/" + running)
                        .with("wait", STEP)
                        .path());
            }
        }
    }

    private static String reason(String record) {
        try {
            return JsonParser.object().from(record).getString("reason", "");
        } catch (JsonParserException impossible) {
            throw new IllegalStateException("it was JSON a moment ago", impossible);
        }
    }

    private int exitCode(String reason, boolean quiet) {
        return switch (reason) {
            case "completed" -> ExitCode.OK.number();
            case "error" -> FAILED;
            case "interrupted" -> INTERRUPTED;
            case "timeout" ->
                noted(
                        ExitCode.TIMED_OUT.number(),
                        "the code was stopped: it ran as long as its timeout allowed",
                        quiet);
            case "kernel_died" ->
                noted(
                        ExitCode.NOT_THE_COMMAND.number(),
                        "the context's kernel ended while the code ran, and its state is gone\n"
                                + "  hint: ./atoll code restart gives the context a new one\n  code: kernel_died",
                        quiet);
            case "restarted" ->
                noted(
                        ExitCode.NOT_THE_COMMAND.number(),
                        "the context was restarted while the code ran\n  code: restarted",
                        quiet);
            case "not_started" ->
                noted(
                        ExitCode.NOT_THE_COMMAND.number(),
                        "the kernel did not take the code, which never ran\n  code: not_started",
                        quiet);
            default ->
                noted(
                        ExitCode.NOT_THE_COMMAND.number(),
                        "the code ended for a reason this client does not know: " + reason,
                        quiet);
        };
    }

    private int noted(int code, String note, boolean quiet) {
        if (!quiet) {
            streams.note("atoll: " + note + "\n");
        }
        return code;
    }
}
