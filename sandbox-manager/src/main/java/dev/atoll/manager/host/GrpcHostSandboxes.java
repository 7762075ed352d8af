package dev.atoll.manager.host;

import dev.atoll.manager.timing.CallTimes;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.SandboxSpec;
import dev.atoll.model.sandbox.SandboxStart;
import dev.atoll.protocol.ProblemStatus;
import dev.atoll.protocol.TimingMessages;
import dev.atoll.protocol.host.v1.ObserveSandboxesRequest;
import dev.atoll.protocol.host.v1.PrepareSandboxRequest;
import dev.atoll.protocol.host.v1.PrepareSandboxResponse;
import dev.atoll.protocol.host.v1.SandboxEnded;
import dev.atoll.protocol.host.v1.SandboxObservation;
import dev.atoll.protocol.host.v1.SandboxPresent;
import dev.atoll.protocol.host.v1.StopSandboxRequest;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A host's sandboxes over gRPC. */
final class GrpcHostSandboxes implements HostSandboxes {
    private final GrpcCalls calls;
    private final CallSettings settings;

    GrpcHostSandboxes(GrpcCalls calls, CallSettings settings) {
        this.calls = calls;
        this.settings = settings;
    }

    @Override
    public PreparedSandbox prepare(SandboxId sandbox, long generation, SandboxSpec spec) {
        return made(call(settings.prepare(), request(sandbox, generation, spec)));
    }

    @Override
    public Optional<PreparedSandbox> claim(SandboxId sandbox, long generation, SandboxSpec spec) {
        PrepareSandboxResponse answer =
                call(settings.quick(), request(sandbox, generation, spec).setOnlyReady(true));
        return answer.getImageId().isEmpty() ? Optional.empty() : Optional.of(made(answer));
    }

    private static PrepareSandboxRequest.Builder request(SandboxId sandbox, long generation, SandboxSpec spec) {
        return PrepareSandboxRequest.newBuilder()
                .setSandboxId(sandbox.value())
                .setGeneration(generation)
                .setImageName(spec.image().value())
                .setCpuMillis(spec.size().cpu().millis())
                .setMemoryBytes(spec.size().memory().bytes())
                .setDiskBytes(spec.size().disk().bytes())
                .setPids(spec.size().pids())
                .setWarm(spec.warm())
                .putAllEnv(spec.env());
    }

    private PrepareSandboxResponse call(Duration patience, PrepareSandboxRequest.Builder request) {
        long began = System.nanoTime();
        PrepareSandboxResponse answer = calls.call(patience, host -> host.prepareSandbox(request.build()));
        CallTimes.spentOnHost(
                System.nanoTime() - began,
                answer.hasTimings() ? Optional.of(TimingMessages.toModel(answer.getTimings())) : Optional.empty());
        return answer;
    }

    private static PreparedSandbox made(PrepareSandboxResponse answer) {
        return new PreparedSandbox(new ImageId(answer.getImageId()), SandboxStart.ofWord(answer.getStart()));
    }

    @Override
    public void giveBack(SandboxId sandbox, long generation) {
        stop(sandbox, generation, true);
    }

    @Override
    public void stop(SandboxId sandbox, long generation) {
        stop(sandbox, generation, false);
    }

    private void stop(SandboxId sandbox, long generation, boolean neverWas) {
        StopSandboxRequest request = StopSandboxRequest.newBuilder()
                .setSandboxId(sandbox.value())
                .setGeneration(generation)
                .setNeverWas(neverWas)
                .build();
        calls.call(settings.stop(), host -> host.stopSandbox(request));
    }

    @Override
    public Watch observe(Consumer<HostObservation> sink) {
        Observing observing = new Observing(sink);
        calls.stub().observeSandboxes(ObserveSandboxesRequest.getDefaultInstance(), observing);
        return observing::cancel;
    }

    private static final class Observing
            implements ClientResponseObserver<ObserveSandboxesRequest, SandboxObservation> {
        private final Consumer<HostObservation> sink;
        private final AtomicReference<@Nullable ClientCallStreamObserver<ObserveSandboxesRequest>> call =
                new AtomicReference<>();

        Observing(Consumer<HostObservation> sink) {
            this.sink = sink;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ObserveSandboxesRequest> started) {
            call.set(started);
        }

        @Override
        public void onNext(SandboxObservation message) {
            toModel(message).ifPresent(sink);
        }

        @Override
        public void onError(Throwable failed) {
            sink.accept(new HostObservation.Broken(ProblemStatus.toProblem(
                            Status.fromThrowable(failed).asRuntimeException(Status.trailersFromThrowable(failed)))
                    .problem()));
        }

        @Override
        public void onCompleted() {
            sink.accept(new HostObservation.Broken(
                    Problem.of(ProblemCode.HOST_UNAVAILABLE, "The host ended the observation.")));
        }

        void cancel() {
            ClientCallStreamObserver<ObserveSandboxesRequest> started = call.get();
            if (started != null) {
                started.cancel("the observation is over", null);
            }
        }
    }

    private static Optional<HostObservation> toModel(SandboxObservation message) {
        return switch (message.getKindCase()) {
            case PRESENT -> Optional.of(toModel(message.getPresent()));
            case ENDED -> Optional.of(toModel(message.getEnded()));
            case SNAPSHOT_END -> Optional.of(new HostObservation.SnapshotComplete());
            // A kind that a newer host knows and we do not: it cannot be about what we have.
            case KIND_NOT_SET -> Optional.empty();
        };
    }

    private static HostObservation toModel(SandboxPresent present) {
        return new HostObservation.Present(
                new SandboxId(present.getSandboxId()),
                present.getGeneration(),
                present.getRunning(),
                present.getImageId().isEmpty() ? Optional.empty() : Optional.of(new ImageId(present.getImageId())));
    }

    private static HostObservation toModel(SandboxEnded ended) {
        return new HostObservation.Ended(
                new SandboxId(ended.getSandboxId()),
                ended.getGeneration(),
                EndReason.ofWord(ended.getReason()),
                ended.getDetail());
    }
}
