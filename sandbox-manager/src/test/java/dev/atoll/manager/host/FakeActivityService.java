package dev.atoll.manager.host;

import dev.atoll.model.id.SandboxId;
import dev.atoll.protocol.ActivityMessages;
import dev.atoll.protocol.Instants;
import dev.atoll.protocol.ProblemStatus;
import dev.atoll.protocol.host.v1.GetIdlenessRequest;
import dev.atoll.protocol.host.v1.GetIdlenessResponse;
import dev.atoll.protocol.host.v1.HostActivityGrpc;
import dev.atoll.protocol.host.v1.ReadUsageRequest;
import dev.atoll.protocol.host.v1.ReadUsageResponse;
import dev.atoll.protocol.host.v1.TakeNewsRequest;
import dev.atoll.protocol.host.v1.TakeNewsResponse;
import dev.atoll.protocol.host.v1.TouchSandboxRequest;
import dev.atoll.protocol.host.v1.TouchSandboxResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.function.Supplier;

/** The activity of a {@link FakeHost} behind gRPC. */
final class FakeActivityService extends HostActivityGrpc.HostActivityImplBase {
    private final HostActivity activity;

    FakeActivityService(FakeHost host) {
        this.activity = host.activity();
    }

    @Override
    public void takeNews(TakeNewsRequest request, StreamObserver<TakeNewsResponse> to) {
        answer(to, () -> {
            HostNews news =
                    activity.news(new HostNews.Mark(request.getLife(), request.getWritten()), request.getLimit());
            TakeNewsResponse.Builder response = TakeNewsResponse.newBuilder()
                    .setLife(news.mark().life())
                    .setLast(news.mark().last())
                    .setMissed(news.missed());
            news.events().forEach(event -> response.addNews(ActivityMessages.toMessage(event)));
            return response.build();
        });
    }

    @Override
    public void getIdleness(GetIdlenessRequest request, StreamObserver<GetIdlenessResponse> to) {
        answer(
                to,
                () -> GetIdlenessResponse.newBuilder()
                        .setIdleUs(activity.idleFor(new SandboxId(request.getSandboxId()), request.getProcesses())
                                        .toNanos()
                                / 1_000)
                        .build());
    }

    @Override
    public void touchSandbox(TouchSandboxRequest request, StreamObserver<TouchSandboxResponse> to) {
        answer(to, () -> {
            activity.touch(new SandboxId(request.getSandboxId()));
            return TouchSandboxResponse.getDefaultInstance();
        });
    }

    @Override
    public void readUsage(ReadUsageRequest request, StreamObserver<ReadUsageResponse> to) {
        answer(
                to,
                () -> ActivityMessages.toMessage(activity.usage(
                        new SandboxId(request.getSandboxId()),
                        Instants.ofMicros(request.getSinceUs()),
                        Duration.ofMillis(request.getStepMs()))));
    }

    private static <T> void answer(StreamObserver<T> to, Supplier<T> call) {
        T reply;
        try {
            reply = call.get();
        } catch (RuntimeException e) {
            to.onError(ProblemStatus.toStatus(e));
            return;
        }
        to.onNext(reply);
        to.onCompleted();
    }
}
