package dev.atoll.protocol;

import dev.atoll.model.host.HostCapacity;
import dev.atoll.model.host.HostDescription;
import dev.atoll.model.host.HostKeeping;
import dev.atoll.model.id.HostId;
import dev.atoll.protocol.host.v1.DescribeResponse;
import java.time.Duration;

/** A host's description to and from its message. */
public final class HostMessages {
    private HostMessages() {}

    public static DescribeResponse toMessage(HostDescription host) {
        return DescribeResponse.newBuilder()
                .setHostId(host.id().value())
                .setHostname(host.hostname())
                .setRuntimeVersion(host.runtimeVersion())
                .setPlatform(host.platform())
                .addAllFeatures(host.features())
                .setCpuMillis(host.capacity().cpuMillis())
                .setMemoryBytes(host.capacity().memoryBytes())
                .setOverheadBytes(host.capacity().overheadBytes())
                .setExecOutputBytes(host.keeping().execOutputBytes())
                .setExecsKept(host.keeping().execs())
                .setEndedForMillis(host.keeping().endedFor().toMillis())
                .setEndedBytes(host.keeping().endedBytes())
                .setEndedSandboxes(host.keeping().endedSandboxes())
                .build();
    }

    public static HostDescription toModel(DescribeResponse message) {
        return new HostDescription(
                new HostId(message.getHostId()),
                message.getHostname(),
                message.getRuntimeVersion(),
                message.getPlatform(),
                message.getFeaturesList(),
                new HostCapacity(message.getCpuMillis(), message.getMemoryBytes(), message.getOverheadBytes()),
                new HostKeeping(
                        message.getExecOutputBytes(),
                        message.getExecsKept(),
                        Duration.ofMillis(message.getEndedForMillis()),
                        message.getEndedBytes(),
                        message.getEndedSandboxes()));
    }
}
