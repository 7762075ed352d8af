package dev.atoll.hostagent.grpc;

import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.hostagent.sandbox.Prepared;
import dev.atoll.model.host.HostTimings;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.protocol.TimingMessages;
import dev.atoll.protocol.host.v1.PrepareSandboxRequest;
import dev.atoll.protocol.host.v1.PrepareSandboxResponse;
import java.time.Duration;

/** What a sandbox is to be made of, and what was made, from and to messages. */
final class PlanMessages {
    private PlanMessages() {}

    static SandboxPlan toModel(PrepareSandboxRequest request) {
        return new SandboxPlan(
                new SandboxId(request.getSandboxId()),
                request.getGeneration(),
                new ImageName(request.getImageName()),
                new SandboxSize(
                        new CpuAmount(request.getCpuMillis()),
                        new MemorySize(request.getMemoryBytes()),
                        new MemorySize(request.getDiskBytes()),
                        request.getPids()),
                request.getEnvMap(),
                request.getWarm());
    }

    /** {@code began}: when the call did, by {@link System#nanoTime}. */
    static PrepareSandboxResponse toMessage(Prepared made, long began) {
        return PrepareSandboxResponse.newBuilder()
                .setImageId(made.image().value())
                .setStart(made.start().word())
                .setTimings(TimingMessages.toMessage(
                        new HostTimings(Duration.ofNanos(System.nanoTime() - began), made.guest(), Duration.ZERO)))
                .build();
    }
}
