package dev.atoll.bench.peer;

import dev.atoll.bench.figure.Latencies.Kind;
import dev.atoll.bench.host.CpuMeter;
import dev.atoll.bench.host.CpuMeters;
import dev.atoll.bench.turn.Contender;
import dev.atoll.bench.turn.Round;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;

/** A side that is not ours. All of its processes are children of this one, or were adopted by it. */
abstract class PeerSide implements Contender {
    private final String name;
    private final Kind kind;
    private final List<String> phases;
    private final CpuMeter cpu = CpuMeters.ofChildren();

    PeerSide(String name, Kind kind, List<String> phases) {
        this.name = name;
        this.kind = kind;
        this.phases = phases;
    }

    /** Something that is done once. */
    @FunctionalInterface
    interface Operation {
        void run() throws IOException;
    }

    /** A side whose round is one operation, with something after it that is not timed. */
    static Contender single(String name, Kind kind, LongSupplier clock, Operation operation) {
        return new PeerSide(name, kind, List.of("total")) {
            @Override
            public Round round() throws IOException {
                long start = clock.getAsLong();
                operation.run();
                return Round.of(clock.getAsLong() - start);
            }
        };
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Kind kind() {
        return kind;
    }

    @Override
    public final List<String> phases() {
        return phases;
    }

    @Override
    public final CpuMeter cpu() {
        return cpu;
    }
}
