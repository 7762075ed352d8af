package dev.atoll.api.operations;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.MediaTypes;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.api.json.Json;
import dev.atoll.manager.health.Readiness;
import dev.atoll.manager.host.Hosts;
import dev.atoll.model.id.HostId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The routes of the platform itself. */
public final class OperationsRoutes {
    /** The contract, as a resource. */
    public static final String CONTRACT = "/dev/atoll/api/openapi/atoll.yaml";

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final String version;
    private final Hosts hosts;
    private final Readiness health;
    private final PrometheusMeterRegistry metrics;

    public OperationsRoutes(String version, Hosts hosts, Readiness health, PrometheusMeterRegistry metrics) {
        this.version = version;
        this.hosts = hosts;
        this.health = health;
        this.metrics = metrics;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("getCapabilities", Method.GET, "/v1/capabilities", Set.of(), this::capabilities),
                Route.of("sweepHosts", Method.POST, "/v1/hosts/sweep", Set.of(), this::sweep),
                Route.open("getHealth", "/healthz", OperationsRoutes::health),
                Route.open("getReadiness", "/readyz", this::readiness),
                Route.open("getMetrics", "/metrics", this::metrics),
                Route.open("getOpenApi", "/openapi.yaml", OperationsRoutes::contract));
    }

    private void capabilities(Call call) throws IOException {
        List<Hosts.Seen> seen = hosts.look();
        call.answer(OK, json -> CapabilitiesJson.write(json, version, seen));
    }

    private void sweep(Call call) throws IOException {
        Map<HostId, Map<String, Long>> removed = hosts.sweep();
        call.answer(OK, json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("hosts");
            removed.forEach((host, counts) -> {
                json.writeStartObject();
                json.writeStringProperty("id", host.value());
                json.writeObjectPropertyStart("removed");
                counts.forEach(json::writeNumberProperty);
                json.writeEndObject();
                json.writeEndObject();
            });
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void health(Call call) throws IOException {
        call.answer(OK, json -> {
            json.writeStartObject();
            json.writeStringProperty("status", "ok");
            json.writeEndObject();
        });
    }

    private void readiness(Call call) throws IOException {
        Map<String, Optional<String>> found = new LinkedHashMap<>();
        found.put("database", Optional.empty());
        found.put("hosts", Optional.empty());
        for (Problem obstacle : health.obstacles()) {
            found.put(part(obstacle.code()), Optional.of(obstacle.detail()));
        }
        boolean ready = found.values().stream().allMatch(Optional::isEmpty);
        call.answer(ready ? OK : UNAVAILABLE, json -> {
            json.writeStartObject();
            json.writeBooleanProperty("ready", ready);
            json.writeArrayPropertyStart("parts");
            found.forEach((name, whyNot) -> {
                json.writeStartObject();
                json.writeStringProperty("name", name);
                json.writeBooleanProperty("ready", whyNot.isEmpty());
                Json.orNull(json, "detail", whyNot);
                json.writeEndObject();
            });
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static String part(ProblemCode code) {
        if (code == ProblemCode.HOST_UNAVAILABLE) {
            return "hosts";
        }
        return code == ProblemCode.DATABASE_UNAVAILABLE ? "database" : "platform";
    }

    private void metrics(Call call) throws IOException {
        call.answer(OK, METRICS_TYPE, metrics.scrape().getBytes(StandardCharsets.UTF_8));
    }

    private static void contract(Call call) throws IOException {
        try (InputStream text = Objects.requireNonNull(OperationsRoutes.class.getResourceAsStream(CONTRACT))) {
            call.answer(OK, MediaTypes.YAML, text.readAllBytes());
        }
    }
}
