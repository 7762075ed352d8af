package dev.atoll.protocol.direct;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A channel to services in this process. A unary call runs on the thread that makes it and has no transport between its ends, which would
 * take longer than what most calls do; deadlines, cancellation, interceptors and trailers are as over any other channel. What streams goes
 * by an ordinary channel to the same services. Thread-safe.
 */
public final class DirectChannel extends Channel implements AutoCloseable {
    private final Map<String, ServerMethodDefinition<?, ?>> served = new HashMap<>();
    private final Channel streams;
    private final ScheduledExecutorService deadlines;
    private final Set<DirectCall<?, ?>> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param streams reaches the same services; it stays its owner's to close
     * @param deadlines where deadlines of calls wait
     */
    public DirectChannel(List<ServerServiceDefinition> services, Channel streams, ScheduledExecutorService deadlines) {
        for (ServerServiceDefinition service : services) {
            for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
                served.put(method.getMethodDescriptor().getFullMethodName(), method);
            }
        }
        this.streams = streams;
        this.deadlines = deadlines;
    }

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
        ServerMethodDefinition<?, ?> known = served.get(method.getFullMethodName());
        if (known == null || method.getType() != MethodType.UNARY) {
            return streams.newCall(method, options);
        }
        // The name of a method says what its messages are.
        @SuppressWarnings("unchecked")
        ServerMethodDefinition<Q, A> same = (ServerMethodDefinition<Q, A>) known;
        return new DirectCall<>(same, options, this);
    }

    @Override
    public String authority() {
        return streams.authority();
    }

    ScheduledExecutorService deadlines() {
        return deadlines;
    }

    /** False when there are to be no more calls. */
    boolean begins(DirectCall<?, ?> call) {
        underWay.add(call);
        return !closed;
    }

    void ended(DirectCall<?, ?> call) {
        underWay.remove(call);
    }

    /** Fails what is under way, and all later unary calls, with {@code UNAVAILABLE}. */
    @Override
    public void close() {
        closed = true;
        underWay.forEach(DirectCall::breakOff);
    }
}
