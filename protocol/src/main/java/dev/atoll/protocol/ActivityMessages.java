package dev.atoll.protocol;

import dev.atoll.model.event.EventType;
import dev.atoll.model.event.NewEvent;
import dev.atoll.model.host.UsageSeries;
import dev.atoll.model.id.SandboxId;
import dev.atoll.protocol.host.v1.News;
import dev.atoll.protocol.host.v1.ReadUsageResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** What hosts have seen, and what sandboxes use, to and from messages. */
public final class ActivityMessages {
    private ActivityMessages() {}

    public static News toMessage(NewEvent event) {
        return News.newBuilder()
                .setSandboxId(event.sandbox().value())
                .setType(event.type().word())
                .setAtUs(Instants.toMicros(event.at()))
                .putAllFacts(event.facts())
                .setOnce(event.once().orElse(""))
                .build();
    }

    /** Empty for news of a kind that only a newer host knows. */
    public static Optional<NewEvent> toModel(News message) {
        return EventType.ofWord(message.getType())
                .map(type -> new NewEvent(
                        new SandboxId(message.getSandboxId()),
                        type,
                        Instants.ofMicros(message.getAtUs()),
                        message.getFactsMap(),
                        Optional.of(message.getOnce()).filter(once -> !once.isEmpty())));
    }

    public static ReadUsageResponse toMessage(UsageSeries series) {
        ReadUsageResponse.Builder message =
                ReadUsageResponse.newBuilder().setEveryMs(series.every().toMillis());
        series.processes().ifPresent(message::setProcesses);
        for (UsageSeries.UsageSample sample : series.samples()) {
            message.addSamples(dev.atoll.protocol.host.v1.UsageSample.newBuilder()
                    .setAtUs(Instants.toMicros(sample.at()))
                    .setCpuNs(sample.cpuNanos())
                    .setCores(sample.cores())
                    .setMemoryBytes(sample.memoryBytes())
                    .setDiskBytes(sample.diskBytes())
                    .setExecs(sample.execs()));
        }
        return message.build();
    }

    public static UsageSeries toModel(ReadUsageResponse message) {
        return new UsageSeries(
                message.getSamplesList().stream()
                        .map(sample -> new UsageSeries.UsageSample(
                                Instants.ofMicros(sample.getAtUs()),
                                sample.getCpuNs(),
                                sample.getCores(),
                                sample.getMemoryBytes(),
                                sample.getDiskBytes(),
                                sample.getExecs()))
                        .toList(),
                Duration.ofMillis(message.getEveryMs()),
                message.hasProcesses() ? OptionalInt.of(message.getProcesses()) : OptionalInt.empty());
    }
}
