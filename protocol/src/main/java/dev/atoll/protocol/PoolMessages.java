package dev.atoll.protocol;

import dev.atoll.model.host.HostPool;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.protocol.host.v1.Pool;

/** What a host keeps ready, as messages. */
public final class PoolMessages {
    private PoolMessages() {}

    public static Pool toMessage(HostPool pool) {
        return Pool.newBuilder()
                .setImageId(pool.image().value())
                .setImageName(pool.name().value())
                .setCpuMillis(pool.size().cpu().millis())
                .setMemoryBytes(pool.size().memory().bytes())
                .setDiskBytes(pool.size().disk().bytes())
                .setPids(pool.size().pids())
                .setReady(pool.ready())
                .setBooted(pool.booted())
                .setMaking(pool.making())
                .setTarget(pool.target())
                .build();
    }

    public static HostPool toModel(Pool pool) {
        return new HostPool(
                new ImageId(pool.getImageId()),
                new ImageName(pool.getImageName()),
                new SandboxSize(
                        new CpuAmount(pool.getCpuMillis()),
                        new MemorySize(pool.getMemoryBytes()),
                        new MemorySize(pool.getDiskBytes()),
                        pool.getPids()),
                pool.getReady(),
                pool.getBooted(),
                pool.getMaking(),
                pool.getTarget());
    }
}
