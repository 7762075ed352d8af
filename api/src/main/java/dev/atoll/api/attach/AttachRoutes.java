package dev.atoll.api.attach;

import dev.atoll.api.exec.ExecRoutes;
import dev.atoll.api.http.Access;
import dev.atoll.api.http.Call;
import dev.atoll.api.http.HttpLimits;
import dev.atoll.api.http.IdempotencyKeys;
import dev.atoll.api.http.Method;
import dev.atoll.api.http.Query;
import dev.atoll.api.http.Route;
import dev.atoll.api.http.Words;
import dev.atoll.api.json.Json;
import dev.atoll.api.json.JsonFields;
import dev.atoll.api.key.Authentication;
import dev.atoll.api.sandbox.SandboxRoutes;
import dev.atoll.manager.exec.Attachment;
import dev.atoll.manager.exec.Attachments;
import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.exec.StartOfOutput;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/** The WebSocket of an exec, and the tickets for browsers. */
public final class AttachRoutes {
    private static final Words<StreamChoice> STREAMS = Words.of(StreamChoice.class);
    private static final int CREATED = 201;

    private final Execs execs;
    private final Attachments attachments;
    private final AttachTickets tickets;
    private final Authentication authentication;
    private final Executor threads;

    /** @param threads makes the virtual thread of each socket */
    public AttachRoutes(
            Execs execs,
            Attachments attachments,
            AttachTickets tickets,
            Authentication authentication,
            Executor threads) {
        this.execs = execs;
        this.attachments = attachments;
        this.tickets = tickets;
        this.authentication = authentication;
        this.threads = threads;
    }

    public List<Route> routes() {
        return List.of(
                new Route(
                        "attachExec",
                        Method.GET,
                        ExecRoutes.ONE + "/attach",
                        Access.OPEN,
                        Set.of("offset", "tail", "stream", "ticket"),
                        this::attach),
                Route.of(
                        "createAttachTicket",
                        Method.POST,
                        ExecRoutes.ONE + "/attach-tickets",
                        Set.of(),
                        this::createTicket));
    }

    private void attach(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        ExecId id = ExecRoutes.id(call);
        Caller caller = caller(call, sandbox, id);
        Query query = call.query();
        StreamChoice stream = query.word("stream", STREAMS, StreamChoice.ALL);
        StartOfOutput start = start(query);
        Exec exec = execs.get(caller, sandbox, id, Duration.ZERO);
        long offset = start.offsetIn(exec, stream);
        Attachment attachment = attachments.open(caller, sandbox, id, stream, offset);
        boolean upgraded = false;
        try {
            call.upgrade(
                    new AttachSocket(attachment, exec, offset, call.requestId()),
                    HttpLimits.MAX_SOCKET_MESSAGE_BYTES,
                    threads);
            upgraded = true;
        } finally {
            if (!upgraded) {
                attachment.close();
            }
        }
    }

    /** Whoever has a key sends it; a browser has a ticket instead, which is good for its own page only. */
    private Caller caller(Call call, SandboxId sandbox, ExecId exec) {
        Optional<String> key = call.header("Authorization");
        Optional<String> ticket = call.query().one("ticket");
        Optional<String> granted = Optional.empty();
        Caller caller;
        if (key.isEmpty() && ticket.isPresent()) {
            AttachTickets.Grant grant = tickets.redeem(ticket.get(), sandbox, exec);
            caller = grant.caller();
            granted = grant.origin();
        } else {
            caller = authentication.callerOf(key.orElse(null));
        }
        Origins.require(call.header("Origin"), call.header("Host"), granted);
        return caller;
    }

    private static StartOfOutput start(Query query) {
        if (query.one("tail").isEmpty()) {
            return new StartOfOutput.At(query.number("offset", 0, Long.MAX_VALUE, 0));
        }
        if (query.one("offset").isPresent()) {
            throw Problem.of(ProblemCode.INVALID_REQUEST, "Both 'offset' and 'tail' are there.", "Send one of them.")
                    .asException();
        }
        return new StartOfOutput.Tail(query.number("tail", 0, Long.MAX_VALUE, 0));
    }

    private void createTicket(Call call) throws IOException {
        SandboxId sandbox = SandboxRoutes.id(call);
        ExecId id = ExecRoutes.id(call);
        IdempotencyKeys.of(call);
        JsonFields fields = call.json(Set.of("origin"));
        Optional<String> origin = fields.text("origin").map(Origins::read);
        execs.get(call.caller(), sandbox, id, Duration.ZERO);
        AttachTickets.Issued issued = tickets.issue(call.caller(), sandbox, id, origin);
        call.answer(CREATED, json -> {
            json.writeStartObject();
            json.writeStringProperty("ticket", issued.ticket());
            Json.time(json, "expires_at", issued.until());
            json.writeEndObject();
        });
    }
}
