package dev.atoll.server.sdk;

import dev.atoll.api.key.Authentication;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.protocol.ProblemStatus;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;

/** Finds out who calls before anything else of a call is looked at. */
final class KeyCheck implements ServerInterceptor {
    /** Who calls; set in the context of every call that gets through. */
    static final Context.Key<Caller> CALLER = Context.key("caller");

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Authentication authentication;

    KeyCheck(Authentication authentication) {
        this.authentication = authentication;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Caller caller;
        try {
            caller = authentication.callerOf(headers.get(AUTHORIZATION));
        } catch (ProblemException e) {
            StatusRuntimeException refused = ProblemStatus.toStatus(e);
            Metadata trailers = refused.getTrailers();
            call.close(refused.getStatus(), trailers == null ? new Metadata() : trailers);
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
    }
}
