package dev.atoll.cli.platform;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import dev.atoll.cli.command.Command.Action;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.terminal.StandardStreams;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * {@code sweep}: removes what belongs to the platform and nobody uses. A platform that runs does it itself, as it does regularly; while
 * none runs, the server's program does it and ends.
 */
public final class SweepCommand implements Action {
    private final Settings settings;
    private final ApiClient api;
    private final StandardStreams streams;

    public SweepCommand(Settings settings, ApiClient api, StandardStreams streams) {
        this.settings = settings;
        this.api = api;
        this.streams = streams;
    }

    @Override
    public int run(Invocation invocation) {
        invocation.noOperands();
        boolean running =
                api.endpoint().given() || ServerProcess.find(settings.pidFile()).isPresent();
        JsonObject removed = running ? byPlatform() : byProgram();
        if (invocation.json()) {
            JsonObject all = new JsonObject();
            all.put("removed", removed);
            streams.line(JsonWriter.string(all));
        } else if (!invocation.quiet()) {
            removed.forEach((kind, count) -> streams.line("removed  " + count + " " + kind));
            streams.line(removed.isEmpty() ? "Nothing was without an owner." : "Everything else has an owner.");
        }
        return ExitCode.OK.number();
    }

    private JsonObject byPlatform() {
        JsonObject sum = new JsonObject();
        JsonArray hosts = api.post("/v1/hosts/sweep", new JsonObject()).json().getArray("hosts");
        for (Object host : hosts) {
            ((JsonObject) host)
                    .getObject("removed")
                    .forEach((kind, count) -> sum.put(kind, sum.getLong(kind, 0) + ((Number) count).longValue()));
        }
        return sum;
    }

    private JsonObject byProgram() {
        Process process = new ServerLaunch(settings).sweeping();
        JsonObject sum = new JsonObject();
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            text.lines().map(line -> line.split(" ", 2)[0]).forEach(kind -> sum.put(kind, sum.getLong(kind, 0) + 1));
            int status = process.waitFor();
            if (status != 0) {
                throw failed("It ended with status " + status + ".").asException();
            }
            return sum;
        } catch (IOException e) {
            throw failed(Optional.ofNullable(e.getMessage()).orElse("")).asException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("It was interrupted.").asException();
        }
    }

    private static Problem failed(String why) {
        return Problem.of(
                "sweep_failed",
                ExitCode.UNAVAILABLE,
                "Orphans could not be looked for. " + why,
                "What the server's program said above tells why; ./atoll doctor says what this machine lacks.");
    }
}
