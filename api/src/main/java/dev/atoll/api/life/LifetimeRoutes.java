package dev.atoll.api.life;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.IdempotencyKeys;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.api.json.Json;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.manager.idle.Lifetimes;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.quantity.TimeSpan;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The routes of what lets a sandbox live longer. */
public final class LifetimeRoutes {
    private static final String ONE = SandboxRoutes.PATH + "/{sandbox_id}";
    private static final String HOLDS = ONE + "/holds";
    private static final String HOLD = HOLDS + "/{hold_name}";
    private static final String FOR = "for";
    private static final int OK = 200;

    private final Lifetimes lifetimes;
    private final SandboxRoutes sandboxes;

    /** {@code sandboxes} answers a sandbox as everywhere. */
    public LifetimeRoutes(Lifetimes lifetimes, SandboxRoutes sandboxes) {
        this.lifetimes = lifetimes;
        this.sandboxes = sandboxes;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("extendSandbox", Method.POST, ONE + "/extend", Set.of(), this::extend),
                Route.of("listHolds", Method.GET, HOLDS, Set.of(), this::list),
                Route.of("setHold", Method.PUT, HOLD, Set.of(), this::hold),
                Route.of("releaseHold", Method.DELETE, HOLD, Set.of(), this::release));
    }

    private void extend(Call call) throws IOException {
        // A repeat extends to a time a little later, and never shortens: the key has nothing to add.
        IdempotencyKeys.of(call);
        var id = SandboxRoutes.id(call);
        sandboxes.answer(call, OK, lifetimes.extend(call.caller(), id, time(call)));
    }

    private void list(Call call) throws IOException {
        answer(call, lifetimes.holds(call.caller(), SandboxRoutes.id(call)));
    }

    private void hold(Call call) throws IOException {
        var id = SandboxRoutes.id(call);
        lifetimes.hold(call.caller(), id, call.path("hold_name"), time(call));
        answer(call, lifetimes.holds(call.caller(), id));
    }

    private void release(Call call) throws IOException {
        var id = SandboxRoutes.id(call);
        lifetimes.release(call.caller(), id, call.path("hold_name"));
        answer(call, lifetimes.holds(call.caller(), id));
    }

    private static Duration time(Call call) throws IOException {
        return call.json(Set.of(FOR))
                .text(FOR, TimeSpan::parse)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.INVALID_REQUEST, "'/for' is missing.", "Send how long: {\"for\": \"10m\"}.")
                        .asException());
    }

    private static void answer(Call call, Map<String, Instant> holds) throws IOException {
        call.answer(OK, json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("items");
            holds.forEach((name, until) -> {
                json.writeStartObject();
                json.writeStringProperty("name", name);
                Json.time(json, "until", until);
                json.writeEndObject();
            });
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
