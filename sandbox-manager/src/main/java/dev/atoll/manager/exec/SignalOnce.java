package dev.atoll.manager.exec;

import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.store.KeyedRequests;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends a signal that has an idempotency key once, however often it is asked for: unlike every other call to a host, a signal that is
 * repeated does something. Only when this process dies between the sending and the note that it was sent, the next request under that key
 * sends it again: what was acknowledged has been sent, always. Thread-safe.
 */
public final class SignalOnce {
    record Signal(SandboxId sandbox, ExecId exec, int signo, SignalTarget target) {}

    private final KeyedRequests requests;
    private final Clock clock;
    private final Map<Asked, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

    private record Asked(WorkspaceId workspace, KeyedRequest request) {}

    public SignalOnce(KeyedRequests requests, Clock clock) {
        this.requests = requests;
        this.clock = clock;
    }

    void send(Caller caller, Signal signal, Optional<IdempotencyKey> key, Runnable send) {
        if (key.isEmpty()) {
            send.run();
            return;
        }
        KeyedRequest request = new KeyedRequest(key.get(), hash(signal));
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> other = underWay.putIfAbsent(new Asked(caller.workspace(), request), mine);
        if (other != null) {
            join(other);
            return;
        }
        try {
            sendUnlessSent(caller, request, send);
            mine.complete(null);
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(new Asked(caller.workspace(), request), mine);
        }
    }

    /** The same request is being carried out by another thread, and comes to the same. */
    private static void join(CompletableFuture<Void> other) {
        try {
            other.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void sendUnlessSent(Caller caller, KeyedRequest request, Runnable send) {
        switch (requests.claim(caller.workspace(), request, clock.instant())) {
            case FIRST, UNFINISHED -> sendClaimed(caller, request, send);
            case REPEATED -> {}
            case CONFLICT ->
                throw Problem.of(
                                ProblemCode.IDEMPOTENCY_CONFLICT,
                                "This Idempotency-Key was used for another request.",
                                "Use a new key for a new request.")
                        .asException();
        }
    }

    private void sendClaimed(Caller caller, KeyedRequest request, Runnable send) {
        boolean sent = false;
        try {
            send.run();
            sent = true;
        } finally {
            if (!sent) {
                requests.release(caller.workspace(), request);
            }
        }
        requests.finish(caller.workspace(), request);
    }

    private static RequestHash hash(Signal signal) {
        return RequestHash.of(
                "signalExec",
                List.of(
                        signal.sandbox().value(),
                        signal.exec().value(),
                        Integer.toString(signal.signo()),
                        signal.target().name()));
    }
}
