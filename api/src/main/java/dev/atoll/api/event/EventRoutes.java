package dev.atoll.api.event;

import dev.atoll.api.http.Call;
import dev.atoll.api.http.MediaTypes;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Route;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.manager.event.Events;
import dev.atoll.model.event.EventPosition;
import dev.atoll.model.id.SandboxId;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** The routes of events: one address each for a sandbox and for all of a workspace, in the form that the client accepts. */
public final class EventRoutes {
    /** Events in a page when nothing is said. */
    static final int DEFAULT_LIMIT = 100;

    private static final Set<String> QUERY = Set.of("after", "limit", "wait");
    private static final List<String> FORMS = List.of(MediaTypes.JSON, MediaTypes.EVENT_STREAM);
    private static final int OK = 200;

    private final Events events;
    private final EventFollowing following;

    public EventRoutes(Events events, EventFollowing following) {
        this.events = events;
        this.following = following;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("listEvents", Method.GET, "/v1/events", QUERY, call -> answer(call, ofWorkspace(call))),
                Route.of(
                        "listSandboxEvents",
                        Method.GET,
                        SandboxRoutes.PATH + "/{sandbox_id}/events",
                        QUERY,
                        call -> answer(call, ofSandbox(call, SandboxRoutes.id(call)))));
    }

    private EventFollowing.Source ofWorkspace(Call call) {
        return (after, limit, wait) -> events.ofWorkspace(call.caller(), after, limit, wait);
    }

    private EventFollowing.Source ofSandbox(Call call, SandboxId sandbox) {
        return (after, limit, wait) -> events.ofSandbox(call.caller(), sandbox, after, limit, wait);
    }

    private void answer(Call call, EventFollowing.Source source) throws IOException {
        EventPosition after =
                call.query().one("after").map(EventPosition::parse).orElse(EventPosition.START);
        int limit = (int) call.query().number("limit", 1, Events.MAX_LIMIT, DEFAULT_LIMIT);
        var wait = call.query().waitFor(java.time.Duration.ZERO);
        if (MediaTypes.chosen(call.header("Accept"), FORMS).equals(MediaTypes.EVENT_STREAM)) {
            // A client that comes back says what it saw last; that is stronger than the address it was once given.
            EventPosition seen = call.header("Last-Event-ID")
                    .filter(id -> !id.isEmpty())
                    .map(EventPosition::parse)
                    .orElse(after);
            following.follow(call, source, seen);
            return;
        }
        var found = source.read(after, limit, wait);
        call.answer(OK, json -> EventJson.writePage(json, found, after));
    }
}
