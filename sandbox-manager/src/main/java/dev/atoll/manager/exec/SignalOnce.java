package dev.atoll.manager.exec;

import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.idempotency.RequestHash;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.store.KeyedRequests;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Sends signals that have an idempotency key at most once: unlike every other call to a host, a signal that is repeated does something. */
public final class SignalOnce {
    record Signal(SandboxId sandbox, ExecId exec, int signo, SignalTarget target) {}

    private final KeyedRequests requests;
    private final Clock clock;

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
        switch (requests.claim(caller.workspace(), request, clock.instant())) {
            case FIRST -> sendClaimed(caller, request, send);
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
