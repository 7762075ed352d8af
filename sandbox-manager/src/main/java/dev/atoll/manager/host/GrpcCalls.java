package dev.atoll.manager.host;

import dev.atoll.protocol.ProblemStatus;
import dev.atoll.protocol.host.v1.HostActivityGrpc;
import dev.atoll.protocol.host.v1.HostAgentGrpc;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Calls one host over one channel; turns what fails into problems. Thread-safe. */
final class GrpcCalls {
    private final Channel channel;

    GrpcCalls(Channel channel) {
        this.channel = channel;
    }

    /** Calls and waits; ends early when the thread is interrupted. */
    <T> T call(Duration patience, Function<HostAgentGrpc.HostAgentBlockingStub, T> call) {
        try {
            return call.apply(HostAgentGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException e) {
            throw ProblemStatus.toProblem(e);
        }
    }

    /** As {@link #call}, of what goes on in the host's sandboxes. */
    <T> T callActivity(Duration patience, Function<HostActivityGrpc.HostActivityBlockingStub, T> call) {
        try {
            return call.apply(HostActivityGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException e) {
            throw ProblemStatus.toProblem(e);
        }
    }

    /** For streams; without a deadline. */
    HostAgentGrpc.HostAgentStub stub() {
        return HostAgentGrpc.newStub(channel);
    }
}
