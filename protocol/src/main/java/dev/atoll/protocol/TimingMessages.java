package dev.atoll.protocol;

import dev.atoll.model.host.HostTimings;
import dev.atoll.protocol.host.v1.Timings;
import java.time.Duration;

/** Timings of calls, to and from messages. */
public final class TimingMessages {
    private TimingMessages() {}

    public static Timings toMessage(HostTimings timings) {
        return Timings.newBuilder()
                .setTotalNs(timings.total().toNanos())
                .setGuestNs(timings.guest().toNanos())
                .setProcessNs(timings.process().toNanos())
                .build();
    }

    public static HostTimings toModel(Timings message) {
        return new HostTimings(
                Duration.ofNanos(message.getTotalNs()),
                Duration.ofNanos(message.getGuestNs()),
                Duration.ofNanos(message.getProcessNs()));
    }
}
