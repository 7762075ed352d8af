package dev.atoll.manager.host;

import dev.atoll.model.host.UsageSeries;
import dev.atoll.model.id.SandboxId;
import dev.atoll.protocol.ActivityMessages;
import dev.atoll.protocol.Instants;
import dev.atoll.protocol.host.v1.GetIdlenessRequest;
import dev.atoll.protocol.host.v1.ReadUsageRequest;
import dev.atoll.protocol.host.v1.ReadUsageResponse;
import dev.atoll.protocol.host.v1.TakeNewsRequest;
import dev.atoll.protocol.host.v1.TakeNewsResponse;
import dev.atoll.protocol.host.v1.TouchSandboxRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What goes on in a host's sandboxes, over gRPC. */
final class GrpcHostActivity implements HostActivity {
    private final GrpcCalls calls;
    private final CallSettings settings;

    GrpcHostActivity(GrpcCalls calls, CallSettings settings) {
        this.calls = calls;
        this.settings = settings;
    }

    @Override
    public HostNews news(HostNews.Mark written, int limit) {
        TakeNewsRequest request = TakeNewsRequest.newBuilder()
                .setLife(written.life())
                .setWritten(written.last())
                .setLimit(limit)
                .build();
        TakeNewsResponse news = calls.callActivity(settings.quick(), host -> host.takeNews(request));
        return new HostNews(
                news.getNewsList().stream()
                        .map(ActivityMessages::toModel)
                        .flatMap(Optional::stream)
                        .toList(),
                new HostNews.Mark(news.getLife(), news.getLast()),
                news.getMissed());
    }

    @Override
    public Duration idleFor(SandboxId sandbox, boolean processes) {
        GetIdlenessRequest request = GetIdlenessRequest.newBuilder()
                .setSandboxId(sandbox.value())
                .setProcesses(processes)
                .build();
        return Duration.of(
                calls.callActivity(settings.quick(), host -> host.getIdleness(request))
                        .getIdleUs(),
                ChronoUnit.MICROS);
    }

    @Override
    public void touch(SandboxId sandbox) {
        TouchSandboxRequest request =
                TouchSandboxRequest.newBuilder().setSandboxId(sandbox.value()).build();
        calls.callActivity(settings.quick(), host -> host.touchSandbox(request));
    }

    @Override
    public UsageSeries usage(SandboxId sandbox, Instant since, Duration step) {
        ReadUsageRequest request = ReadUsageRequest.newBuilder()
                .setSandboxId(sandbox.value())
                .setSinceUs(Instants.toMicros(since))
                .setStepMs(step.toMillis())
                .build();
        ReadUsageResponse answer = calls.callActivity(settings.quick(), host -> host.readUsage(request));
        return ActivityMessages.toModel(answer);
    }
}
