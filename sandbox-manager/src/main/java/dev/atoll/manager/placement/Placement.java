package dev.atoll.manager.placement;

import dev.atoll.manager.placement.PlacementDecision.Placed;
import dev.atoll.manager.placement.PlacementDecision.Reason;
import dev.atoll.manager.placement.PlacementDecision.Unplaceable;
import dev.atoll.model.id.HostId;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.SandboxSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses hosts. Pure: the same arguments give the same choice. A host fits when its memory, and its CPU times the overcommit, hold what is
 * promised already and the new sandbox; of those that fit, the one with the largest free share of memory left is taken, so that load
 * spreads.
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
            Optional<String> obstacle = obstacle(spec, candidate, reservedOn(candidate, reserved));
            obstacle.ifPresentOrElse(
                    why -> reasons.add(new Reason(candidate.host(), why)), () -> fitting.add(candidate));
        }
        Comparator<HostCandidate> byFreeShare =
                Comparator.comparingDouble(candidate -> freeShare(candidate, reservedOn(candidate, reserved)));
        return fitting.stream()
                .max(byFreeShare.thenComparing(candidate -> candidate.host().value()))
                .<PlacementDecision>map(best -> new Placed(best.host()))
                .orElseGet(() -> new Unplaceable(reasons));
    }

    private Optional<String> obstacle(SandboxSpec spec, HostCandidate candidate, Reservation reserved) {
        long freeMemory = Math.max(0, candidate.capacity().memoryBytes() - reserved.memoryBytes());
        if (spec.size().memory().bytes() > freeMemory) {
            return Optional.of("memory: " + spec.size().memory() + " asked for, " + mebibytes(freeMemory) + " of "
                    + mebibytes(candidate.capacity().memoryBytes()) + " free.");
        }
        if (spec.size().cpu().millis() > candidate.capacity().cpuMillis()) {
            return Optional.of("cpu: " + spec.size().cpu() + " asked for, the host has "
                    + candidate.capacity().cpuMillis() + "m.");
        }
        long promisable = (long) (candidate.capacity().cpuMillis() * settings.cpuOvercommit());
        long freeCpu = Math.max(0, promisable - reserved.cpuMillis());
        if (spec.size().cpu().millis() > freeCpu) {
            return Optional.of("cpu: " + spec.size().cpu() + " asked for, " + freeCpu + "m of " + promisable
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
    private static String mebibytes(long bytes) {
        return MemorySize.ofMebibytes(bytes >> 20).toString();
    }
}
