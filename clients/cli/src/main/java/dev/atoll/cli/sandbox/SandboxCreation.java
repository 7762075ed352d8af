package dev.atoll.cli.sandbox;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.command.Flag;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.Answer;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.http.Query;
import dev.atoll.cli.image.ImageMaking;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.problem.ProblemException;
import dev.atoll.cli.terminal.Progress;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.timing.Timing;
import java.util.List;

/** Asks for a sandbox, has the default image made when it is not there yet, and waits until commands can be run. */
public final class SandboxCreation {
    /** How long one question waits, so that progress moves and Ctrl-C is heard. */
    private static final String STEP = "1s";

    /** The options that say what kind of sandbox it is. */
    public static final List<Flag> FLAGS = List.of(
            Flag.of("image", "IMAGE", "what it starts from; unset means base"),
            Flag.of("cpu", "AMOUNT", "how much CPU it may use, such as 2 or 1500m"),
            Flag.of("memory", "SIZE", "how much memory it may use, such as 512Mi or 2Gi"),
            Flag.of("disk", "SIZE", "how much it may write, such as 2Gi"),
            Flag.of("pids", "NUMBER", "how many processes and threads it may have"),
            Flag.of("ttl", "DURATION", "how long it may live, such as 30m or 2h"),
            Flag.of("idle", "DURATION", "end it when nothing has used it for so long, such as 10m"),
            Flag.many("env", 'e', "NAME=VALUE", "a variable of its environment"),
            Flag.sign("cold", "make it anew, even where one is kept ready"),
            Flag.of("name", "NAME", "a name to call it by"),
            Flag.many("label", 'l', "KEY=VALUE", "a label to find it by"));

    private final ApiClient api;
    private final StandardStreams streams;
    private final Timing timing;

    public SandboxCreation(ApiClient api, StandardStreams streams, Timing timing) {
        this.api = api;
        this.streams = streams;
        this.timing = timing;
    }

    /** The request that {@link #FLAGS} describe. */
    public static JsonObject request(Invocation invocation) {
        JsonObject request = new JsonObject();
        for (String flag : List.of("image", "cpu", "memory", "disk", "ttl", "name")) {
            invocation.value(flag).ifPresent(value -> request.put(flag, value));
        }
        invocation.value("pids").ifPresent(value -> request.put("pids", number(value)));
        invocation.value("idle").ifPresent(after -> {
            JsonObject idle = new JsonObject();
            idle.put("after", after);
            request.put("idle", idle);
        });
        if (invocation.has("cold")) {
            request.put("warm", false);
        }
        JsonObject env = new JsonObject();
        env.putAll(invocation.pairs("env"));
        if (!env.isEmpty()) {
            request.put("env", env);
        }
        JsonObject labels = new JsonObject();
        labels.putAll(invocation.pairs("label"));
        if (!labels.isEmpty()) {
            request.put("labels", labels);
        }
        return request;
    }

    /** As a number where it is one; what else it may be is for the platform to refuse. */
    private static Object number(String value) {
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException noNumber) {
            return value;
        }
    }

    /** Has it made; the answer shows it as it stands after at most a second. From then on it exists and somebody has to delete it. */
    public Answer ask(JsonObject request, boolean quiet, Runnable checkpoint) {
        String path = Query.on("/v1/sandboxes").with("wait", STEP).path();
        try {
            return api.post(path, request);
        } catch (ProblemException refused) {
            String image = request.getString("image", ImageMaking.BASE);
            if (!refused.problem().is("image_not_found") || !image.equals(ImageMaking.BASE)) {
                throw refused;
            }
        }
        new ImageMaking(api, streams, timing).make(ImageMaking.BASE, quiet, checkpoint);
        return api.post(path, request);
    }

    /** Waits until commands can be run in it; a problem when it ended before. */
    public Answer awaitRunning(Answer asked, boolean quiet, Runnable checkpoint) {
        Answer answer = asked;
        try (Progress progress = Progress.of(streams, timing, quiet, "creating the sandbox")) {
            while (true) {
                JsonObject sandbox = answer.json();
                checkpoint.run();
                switch (sandbox.getString("state", "")) {
                    case "running" -> {
                        return answer;
                    }
                    case "requested", "preparing" -> progress.at(sandbox.getString("detail", ""));
                    default -> throw ended(sandbox).asException();
                }
                String path = SandboxDirectory.path(sandbox.getString("id", ""));
                answer = api.get(Query.on(path)
                        .with("until", "running")
                        .with("wait", STEP)
                        .path());
            }
        }
    }

    private static Problem ended(JsonObject sandbox) {
        String reason = sandbox.getString("reason", "");
        String detail = sandbox.getString("detail", "");
        return Problem.of(
                "sandbox_start_failed",
                ExitCode.CANNOT_CREATE,
                "The sandbox " + sandbox.getString("id", "") + " ended before it ran"
                        + (reason.isEmpty() ? "" : " (" + reason + ")")
                        + (detail.isEmpty() ? "." : ": " + detail),
                "See ./atoll status, and the platform's log that it names.");
    }
}
