package dev.atoll.api.sandbox;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.IdempotencyKeys;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.api.http.Words;
import dev.atoll.manager.idle.Lifetimes;
import dev.atoll.manager.image.Images;
import dev.atoll.manager.sandbox.Created;
import dev.atoll.manager.sandbox.Sandboxes;
import dev.atoll.manager.sandbox.Until;
import dev.atoll.manager.store.PageRequest;
import dev.atoll.manager.store.SandboxPage;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.sandbox.Sandbox;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The routes of sandboxes. */
public final class SandboxRoutes {
    /** The collection of sandboxes. */
    public static final String PATH = "/v1/sandboxes";

    private static final String ONE = PATH + "/{sandbox_id}";
    private static final Words<Until> GOALS = Words.of(Until.class);
    private static final int OK = 200;
    private static final int CREATED = 201;

    private final Sandboxes sandboxes;
    private final PreparationDetail detail;
    private final Lifetimes lifetimes;

    public SandboxRoutes(Sandboxes sandboxes, Images images, Lifetimes lifetimes) {
        this.sandboxes = sandboxes;
        this.detail = new PreparationDetail(images);
        this.lifetimes = lifetimes;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("createSandbox", Method.POST, PATH, Set.of("wait"), this::create),
                Route.of("listSandboxes", Method.GET, PATH, Set.of("limit", "cursor", "label", "state"), this::list),
                Route.of("getSandbox", Method.GET, ONE, Set.of("until", "wait"), this::get),
                Route.of("deleteSandbox", Method.DELETE, ONE, Set.of("wait"), this::delete));
    }

    /** The sandbox that the path names. */
    public static SandboxId id(Call call) {
        return new SandboxId(call.path("sandbox_id"));
    }

    private void create(Call call) throws IOException {
        Duration wait = call.query().waitFor(Duration.ZERO);
        var key = IdempotencyKeys.of(call);
        Created created = sandboxes.create(call.caller(), SandboxRequest.read(call), key, wait);
        Sandbox sandbox = created.sandbox();
        if (!created.replayed()) {
            call.location(PATH + "/" + sandbox.id());
            if (wait.isPositive()) {
                call.timed();
            }
        }
        answer(call, created.replayed() ? OK : CREATED, sandbox);
    }

    private void list(Call call) throws IOException {
        SandboxPage page = sandboxes.list(
                call.caller(),
                SandboxListing.filter(call.query()),
                new PageRequest(
                        (int) call.query().number("limit", 1, PageRequest.MAX_LIMIT, PageRequest.DEFAULT_LIMIT),
                        call.query().one("cursor")));
        call.answer(OK, json -> SandboxJson.writePage(json, page, lifetimes));
    }

    private void get(Call call) throws IOException {
        SandboxId id = id(call);
        Until until = call.query().word("until", GOALS, Until.RUNNING);
        Duration wait = call.query().waitFor(Duration.ZERO);
        Sandbox sandbox =
                wait.isPositive() ? sandboxes.await(call.caller(), id, until, wait) : sandboxes.get(call.caller(), id);
        answer(call, OK, sandbox, lifetimes.lastUsed(sandbox));
    }

    private void delete(Call call) throws IOException {
        SandboxId id = id(call);
        Duration wait = call.query().waitFor(Duration.ZERO);
        answer(call, OK, sandboxes.stop(call.caller(), id, wait));
    }

    /** Answers a sandbox as it is known here, without asking its host. */
    public void answer(Call call, int status, Sandbox sandbox) throws IOException {
        answer(call, status, sandbox, Optional.empty());
    }

    private void answer(Call call, int status, Sandbox sandbox, Optional<Instant> lastUsed) throws IOException {
        String shown = detail.of(call.caller(), sandbox);
        SandboxJson.Seen seen = new SandboxJson.Seen(lifetimes.holds(sandbox), lastUsed);
        call.answer(status, json -> SandboxJson.write(json, sandbox, shown, seen));
    }
}
