package dev.atoll.cli.platform;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.Answer;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.sandbox.SandboxDirectory;
import dev.atoll.cli.terminal.StandardStreams;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code status}: what runs where. Ends with {@link ExitCode#UNAVAILABLE} when nothing runs or what runs is not ready. */
public final class StatusCommand implements Action {
    private final Settings settings;
    private final ApiClient api;
    private final StandardStreams streams;

    public StatusCommand(Settings settings, ApiClient api, StandardStreams streams) {
        this.settings = settings;
        this.api = api;
        this.streams = streams;
    }

    /** All that is shown; the parts that only a ready platform can tell are empty otherwise. */
    private record Status(
            boolean ready,
            JsonObject readiness,
            Optional<ServerProcess> process,
            JsonObject capabilities,
            Map<String, Integer> sandboxes,
            JsonArray images) {}

    @Override
    public int run(Invocation invocation) {
        invocation.noOperands();
        Optional<ServerProcess> process =
                api.endpoint().given() ? Optional.empty() : ServerProcess.find(settings.pidFile());
        Answer readiness;
        try {
            readiness = api.readiness();
        } catch (ProblemException notThere) {
            if (invocation.json()) {
                streams.line(JsonWriter.string()
                        .object()
                        .value("url", api.endpoint().toString())
                        .value("running", process.isPresent())
                        .value("ready", false)
                        .end()
                        .done());
            }
            throw notThere;
        }
        Status status = status(readiness, process);
        streams.print(invocation.json() ? json(status) + "\n" : text(status));
        return status.ready() ? ExitCode.OK.number() : ExitCode.UNAVAILABLE.number();
    }

    private Status status(Answer readiness, Optional<ServerProcess> process) {
        boolean ready = readiness.status() == 200;
        if (!ready) {
            return new Status(false, readiness.json(), process, new JsonObject(), Map.of(), new JsonArray());
        }
        Map<String, Integer> sandboxes = new TreeMap<>();
        for (Object sandbox : new SandboxDirectory(api).list(List.of(), false)) {
            sandboxes.merge(((JsonObject) sandbox).getString("state", "?"), 1, Integer::sum);
        }
        JsonArray images = api.get("/v1/images").json().getArray("items");
        return new Status(
                true, readiness.json(), process, api.get("/v1/capabilities").json(), sandboxes, images);
    }

    private String json(Status status) {
        JsonStringWriter writer = JsonWriter.string();
        writer.object()
                .value("url", api.endpoint().toString())
                .value("running", true)
                .value("ready", status.ready());
        writer.value("pid", status.process().map(ServerProcess::pid).orElse(null));
        if (!api.endpoint().given()) {
            writer.value("home", settings.home().toString())
                    .value("log", settings.logFile().toString());
        }
        writer.value("readiness", status.readiness());
        if (status.ready()) {
            writer.value("capabilities", status.capabilities());
            writer.object("sandboxes");
            status.sandboxes().forEach(writer::value);
            writer.end().array("images", status.images());
        }
        return writer.end().done();
    }

    private String text(Status status) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "platform",
                api.endpoint()
                        + (status.ready()
                                ? ", ready"
                                : ", not ready: " + LocalPlatform.waitingFor(status.readiness())));
        status.process().ifPresent(process -> line(text, "pid", String.valueOf(process.pid())));
        if (!api.endpoint().given()) {
            line(text, "data", settings.home().toString());
            line(text, "log", settings.logFile().toString());
        }
        if (!status.ready()) {
            return text.toString();
        }
        line(text, "version", status.capabilities().getString("version", "?"));
        for (Object host : status.capabilities().getArray("hosts")) {
            line(text, "host", host((JsonObject) host));
            for (Object pool : ((JsonObject) host).getArray("pools", new JsonArray())) {
                line(text, "ready", pool((JsonObject) pool));
            }
        }
        line(text, "sandboxes", sandboxes(status.sandboxes()));
        for (Object image : status.images()) {
            JsonObject json = (JsonObject) image;
            line(text, "image", json.getString("name", "?") + ", " + json.getString("state", "?"));
        }
        return text.toString();
    }

    private static String host(JsonObject host) {
        JsonObject runtime = host.getObject("runtime", new JsonObject());
        JsonObject capacity = host.getObject("capacity", new JsonObject());
        return host.getString("hostname", "?") + ", " + runtime.getString("name", "?") + " "
                + runtime.getString("version", "?") + " (" + runtime.getString("platform", "?") + "), "
                + capacity.getString("cpu", "?") + " CPU, " + capacity.getString("memory", "?");
    }

    private static String pool(JsonObject pool) {
        return pool.getInt("ready", 0) + " of " + pool.getInt("target", 0) + " for " + pool.getString("image", "?")
                + ", " + pool.getString("cpu", "?") + " CPU, " + pool.getString("memory", "?");
    }

    private static String sandboxes(Map<String, Integer> byState) {
        if (byState.isEmpty()) {
            return "none";
        }
        return String.join(
                ", ",
                byState.entrySet().stream()
                        .map(state -> state.getValue() + " " + state.getKey())
                        .toList());
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append(what)
                .repeat(" ", Math.max(1, 11 - what.length()))
                .append(value)
                .append('\n');
    }
}
