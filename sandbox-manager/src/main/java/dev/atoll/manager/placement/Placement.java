package dev.atoll.manager.placement;

import dev.atoll.manager.placement.PlacementDecision.Placed;
import dev.atoll.manager.placement.PlacementDecision.Reason;
import dev.atoll.manager.placement.PlacementDecision.Unplaceable;
import dev.atoll.model.id.HostId;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.SandboxSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses hosts. Pure: the same arguments give the same choice. A host fits when its memory, and its CPU times the overcommit, hold what is
 * promised already and the new sandbox; memory counts with what each sandbox takes beyond its own. Of those that fit, the one with the
 * largest free share of memory left is taken, so that load spreads.
 */
public final class Placement {
    private final PlacementSettings settings;

    public Placement(PlacementSettings settings) {
        this.settings = settings;
    }

    public PlacementDecision choose(
            SandboxSpec spec, List<HostCandidate> candidates, Map<HostId, Reservation> reserved) {
        List<Reason> reasons = new ArrayList<>();
        List<HostCandidate> fitting = new ArrayList<>();
        for (HostCandidate candidate : candidates) {
            Room room = room(candidate, reservedOn(candidate, reserved));
            Optional<String> obstacle = obstacle(spec, candidate, room);
            obstacle.ifPresentOrElse(
                    why -> reasons.add(new Reason(candidate.host(), why, room)), () -> fitting.add(candidate));
        }
        Comparator<HostCandidate> byFreeShare =
                Comparator.comparingDouble(candidate -> freeShare(candidate, reservedOn(candidate, reserved)));
        return fitting.stream()
                .max(byFreeShare.thenComparing(candidate -> candidate.host().value()))
                .<PlacementDecision>map(best -> new Placed(best.host()))
                .orElseGet(() -> new Unplaceable(reasons));
    }

    /** Whether any of the hosts could take it if it were empty: otherwise there is nothing to wait for. */
    public boolean couldEverFit(SandboxSpec spec, List<HostCandidate> candidates) {
        return choose(spec, candidates, Map.of()) instanceof Placed;
    }

    /**
     * How much may be promised on the host at most so that a sandbox of {@code spec} fits still; empty when it asks for more CPU than the
     * host has. Says of one host exactly what {@link #choose} does.
     */
    public Optional<PromiseLimit> limit(SandboxSpec spec, HostCandidate candidate) {
        long cpu = spec.size().cpu().millis();
        if (cpu > candidate.capacity().cpuMillis()) {
            return Optional.empty();
        }
        long overhead = candidate.capacity().overheadBytes();
        long memory = candidate.capacity().memoryBytes()
                - overhead
                - spec.size().memory().bytes();
        return Optional.of(new PromiseLimit(promisable(candidate) - cpu, memory, overhead));
    }

    private Room room(HostCandidate candidate, Reservation reserved) {
        long promised = reserved.memoryBytes()
                + reserved.sandboxes() * candidate.capacity().overheadBytes();
        long memory = candidate.capacity().memoryBytes()
                - promised
                - candidate.capacity().overheadBytes();
        long cpu = promisable(candidate) - reserved.cpuMillis();
        return new Room(Math.max(0, Math.min(cpu, candidate.capacity().cpuMillis())), Math.max(0, memory));
    }

    private long promisable(HostCandidate candidate) {
        return (long) (candidate.capacity().cpuMillis() * settings.cpuOvercommit());
    }

    private Optional<String> obstacle(SandboxSpec spec, HostCandidate candidate, Room room) {
        MemorySize memory = spec.size().memory();
        CpuAmount cpu = spec.size().cpu();
        if (memory.bytes() > room.memoryBytes()) {
            return Optional.of("memory: " + memory + " asked for, " + room.memory() + " of "
                    + mebibytes(candidate.capacity().memoryBytes()) + " free.");
        }
        if (cpu.millis() > candidate.capacity().cpuMillis()) {
            return Optional.of("cpu: " + cpu + " asked for, the host has "
                    + candidate.capacity().cpuMillis() + "m.");
        }
        if (cpu.millis() > room.cpuMillis()) {
            return Optional.of("cpu: " + cpu + " asked for, " + room.cpuMillis() + "m of " + promisable(candidate)
                    + "m promisable free.");
        }
        return Optional.empty();
    }

    private static Reservation reservedOn(HostCandidate candidate, Map<HostId, Reservation> reserved) {
        return reserved.getOrDefault(candidate.host(), Reservation.NONE);
    }

    private static double freeShare(HostCandidate candidate, Reservation reserved) {
        long capacity = Math.max(1, candidate.capacity().memoryBytes());
        return (double) (capacity - reserved.memoryBytes()) / capacity;
    }

    /** Rounded down to whole mebibytes: nobody plans by the byte. */
    static String mebibytes(long bytes) {
        return MemorySize.ofMebibytes(bytes >> 20).toString();
    }
}
