package dev.atoll.hostagent.grpc;

import dev.atoll.hostagent.activity.Activity;
import dev.atoll.hostagent.activity.NewsFeed;
import dev.atoll.hostagent.sandbox.SandboxHost;
import dev.atoll.hostagent.sandbox.UsageSampler;
import dev.atoll.model.id.SandboxId;
import dev.atoll.protocol.ActivityMessages;
import dev.atoll.protocol.Instants;
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
import java.util.concurrent.Executor;

/** The gRPC face of what goes on in a host's sandboxes. */
public final class HostActivityService extends HostActivityGrpc.HostActivityImplBase {
    /** Most news in one answer, which keeps it well below what a message may hold. */
    private static final int MAX_NEWS = 5_000;

    private final Activity activity;
    private final SandboxHost sandboxes;
    private final UsageSampler usage;
    private final Calls calls;

    public HostActivityService(Activity activity, SandboxHost sandboxes, UsageSampler usage, Executor threads) {
        this.activity = activity;
        this.sandboxes = sandboxes;
        this.usage = usage;
        this.calls = new Calls(threads);
    }

    @Override
    public void takeNews(TakeNewsRequest request, StreamObserver<TakeNewsResponse> answer) {
        calls.answer(answer, () -> {
            int limit = Math.clamp(request.getLimit(), 1, MAX_NEWS);
            NewsFeed.Batch batch = activity.news().take(request.getLife(), request.getWritten(), limit);
            TakeNewsResponse.Builder response = TakeNewsResponse.newBuilder()
                    .setLife(batch.life())
                    .setLast(batch.last())
                    .setMissed(batch.missed());
            batch.news().forEach(news -> response.addNews(ActivityMessages.toMessage(news)));
            return response.build();
        });
    }

    @Override
    public void getIdleness(GetIdlenessRequest request, StreamObserver<GetIdlenessResponse> answer) {
        calls.answer(answer, () -> {
            Duration idle = sandboxes.idleFor(new SandboxId(request.getSandboxId()), request.getProcesses());
            return GetIdlenessResponse.newBuilder()
                    .setIdleUs(idle.toNanos() / 1_000)
                    .build();
        });
    }

    @Override
    public void touchSandbox(TouchSandboxRequest request, StreamObserver<TouchSandboxResponse> answer) {
        calls.answer(answer, () -> {
            activity.clock().touch(new SandboxId(request.getSandboxId()));
            return TouchSandboxResponse.getDefaultInstance();
        });
    }

    @Override
    public void readUsage(ReadUsageRequest request, StreamObserver<ReadUsageResponse> answer) {
        calls.answer(
                answer,
                () -> ActivityMessages.toMessage(usage.series(
                        new SandboxId(request.getSandboxId()),
                        Instants.ofMicros(request.getSinceUs()),
                        Duration.ofMillis(request.getStepMs()))));
    }
}
