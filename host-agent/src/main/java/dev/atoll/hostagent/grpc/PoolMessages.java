package dev.atoll.hostagent.grpc;

import dev.atoll.hostagent.pool.PoolReport;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.protocol.host.v1.Pool;

/** What the pool reports, as messages. */
final class PoolMessages {
    private PoolMessages() {}

    static Pool toMessage(PoolReport report) {
        SandboxSize size = report.template().size();
        return Pool.newBuilder()
                .setImageId(report.template().image().value())
                .setImageName(report.image().value())
                .setCpuMillis(size.cpu().millis())
                .setMemoryBytes(size.memory().bytes())
                .setDiskBytes(size.disk().bytes())
                .setPids(size.pids())
                .setReady(report.ready())
                .setBooted(report.booted())
                .setMaking(report.making())
                .setTarget(report.target())
                .build();
    }
}
