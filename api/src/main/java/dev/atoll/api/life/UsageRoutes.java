package dev.atoll.api.life;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.api.json.Json;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.manager.idle.Usages;
import dev.atoll.model.host.UsageSeries;
import dev.atoll.model.host.UsageSeries.UsageSample;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.quantity.TimeSpan;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** The route of what a sandbox uses. */
public final class UsageRoutes {
    private static final Duration DEFAULT_PAST = Duration.ofMinutes(5);
    private static final Duration LONGEST_PAST = Duration.ofHours(24);
    private static final Duration SHORTEST_STEP = Duration.ofSeconds(1);
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int CORES_DIGITS = 4;
    private static final int OK = 200;

    private final Usages usages;

    public UsageRoutes(Usages usages) {
        this.usages = usages;
    }

    public List<Route> routes() {
        return List.of(Route.of(
                "getSandboxMetrics",
                Method.GET,
                SandboxRoutes.PATH + "/{sandbox_id}/metrics",
                Set.of("since", "step"),
                this::get));
    }

    private void get(Call call) throws IOException {
        Duration past = time(call, "since", DEFAULT_PAST, Duration.ZERO);
        Duration step = time(call, "step", SHORTEST_STEP, SHORTEST_STEP);
        UsageSeries series = usages.of(call.caller(), SandboxRoutes.id(call), past, step);
        call.answer(OK, json -> write(json, series));
    }

    private static Duration time(Call call, String name, Duration otherwise, Duration least) {
        Duration time = call.query().one(name).map(text -> parsed(name, text)).orElse(otherwise);
        if (time.compareTo(least) < 0 || time.compareTo(LONGEST_PAST) > 0) {
            throw Problem.of(
                            ProblemCode.INVALID_QUANTITY,
                            "'" + name + "' is out of range.",
                            "Send " + TimeSpan.format(least) + " to " + TimeSpan.format(LONGEST_PAST) + ".")
                    .asException();
        }
        return time;
    }

    private static Duration parsed(String name, String text) {
        try {
            return TimeSpan.parse(text);
        } catch (ProblemException e) {
            Problem problem = e.problem();
            throw new ProblemException(
                    Problem.of(problem.code(), "'" + name + "': " + problem.detail(), problem.hint()), e);
        }
    }

    private static void write(JsonGenerator json, UsageSeries series) {
        json.writeStartObject();
        json.writeStringProperty("every", TimeSpan.format(series.every()));
        if (series.processes().isPresent()) {
            json.writeNumberProperty("processes", series.processes().getAsInt());
        } else {
            json.writeNullProperty("processes");
        }
        if (series.samples().isEmpty()) {
            json.writeNullProperty("latest");
        } else {
            json.writeName("latest");
            write(json, series.samples().getLast());
        }
        json.writeArrayPropertyStart("items");
        series.samples().forEach(sample -> write(json, sample));
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, UsageSample sample) {
        json.writeStartObject();
        Json.time(json, "time", sample.at());
        json.writeNumberProperty("cpu_ms", sample.cpuNanos() / NANOS_PER_MILLI);
        json.writeNumberProperty(
                "cores", BigDecimal.valueOf(sample.cores()).setScale(CORES_DIGITS, RoundingMode.HALF_UP));
        json.writeNumberProperty("memory_bytes", sample.memoryBytes());
        json.writeNumberProperty("disk_bytes", sample.diskBytes());
        json.writeNumberProperty("execs", sample.execs());
        json.writeEndObject();
    }
}
