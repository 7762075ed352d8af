package dev.atoll.manager.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.manager.placement.PlacementDecision.Placed;
import dev.atoll.manager.placement.PlacementDecision.Unplaceable;
import dev.atoll.model.host.HostCapacity;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.model.sandbox.SandboxSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PlacementTest {
    private final Placement placement = new Placement(new PlacementSettings(2));
    private final Ids ids = new Ids(new Random(1));
    private final HostCandidate one = new HostCandidate(ids.host(), new HostCapacity(4_000, 8L << 30, 0));
    private final HostCandidate two = new HostCandidate(ids.host(), new HostCapacity(4_000, 8L << 30, 0));

    @Test
    void spreadsByFreeMemory() {
        Map<HostId, Reservation> reserved = Map.of(one.host(), new Reservation(0, 1L << 30, 1));
        assertThat(placement.choose(spec(500, 512), List.of(one, two), reserved))
                .isEqualTo(new Placed(two.host()));
        assertThat(placement.choose(spec(500, 512), List.of(two, one), reserved))
                .isEqualTo(new Placed(two.host()));
    }

    @Test
    void fillsMemoryToTheLastByteAndNoFurther() {
        Map<HostId, Reservation> reserved = Map.of(one.host(), new Reservation(0, (8L << 30) - (512L << 20), 1));
        assertThat(placement.choose(spec(500, 512), List.of(one), reserved)).isEqualTo(new Placed(one.host()));
        assertThat(placement.choose(spec(500, 513), List.of(one), reserved)).isInstanceOf(Unplaceable.class);
    }

    @Test
    void countsWhatEachSandboxTakesBeyondItsOwn() {
        HostCandidate small = new HostCandidate(ids.host(), new HostCapacity(64_000, 1L << 30, 96L << 20));
        Map<HostId, Reservation> reserved = Map.of(small.host(), new Reservation(0, 512L << 20, 2));
        assertThat(placement.choose(spec(500, 224), List.of(small), reserved)).isEqualTo(new Placed(small.host()));
        assertThat(placement.choose(spec(500, 225), List.of(small), reserved)).isInstanceOf(Unplaceable.class);
        assertThat(placement.couldEverFit(spec(500, 928), List.of(small))).isTrue();
        assertThat(placement.couldEverFit(spec(500, 929), List.of(small))).isFalse();
    }

    @Test
    void promisesCpuUpToTheOvercommitButNoSandboxMoreThanTheHostHas() {
        Map<HostId, Reservation> reserved = Map.of(one.host(), new Reservation(7_000, 0, 7));
        assertThat(placement.choose(spec(1_000, 64), List.of(one), reserved)).isEqualTo(new Placed(one.host()));
        assertThat(placement.choose(spec(1_001, 64), List.of(one), reserved)).isInstanceOf(Unplaceable.class);
        assertThat(placement.choose(spec(4_001, 64), List.of(one), Map.of())).isInstanceOf(Unplaceable.class);
    }

    @Test
    void limitsAHostExactlyAsItChooses() {
        Random random = new Random(20_261_127);
        int fitting = 0;
        for (int i = 0; i < 20_000; i++) {
            Placement any = new Placement(new PlacementSettings(1 + random.nextInt(40) / 8.0));
            HostCapacity capacity = new HostCapacity(
                    100L * (1 + random.nextInt(80)), random.nextLong(2L << 30), (long) random.nextInt(3) << 25);
            HostCandidate candidate = new HostCandidate(ids.host(), capacity);
            // Often just at the limit, or one beside it: that is where the two could differ.
            long cpu = 50 + 50L * random.nextInt(100);
            long memory = 64 + random.nextInt(512);
            SandboxSpec spec = spec(cpu, memory);
            long sandboxes = random.nextInt(8);
            long brim = capacity.memoryBytes() - (memory << 20) - (sandboxes + 1) * capacity.overheadBytes();
            Reservation reserved = new Reservation(
                    random.nextBoolean()
                            ? random.nextInt(40_000)
                            : Math.max(
                                    0,
                                    any.limit(spec, candidate)
                                                    .map(PromiseLimit::cpuMillis)
                                                    .orElse(0L)
                                            + random.nextInt(3)
                                            - 1),
                    random.nextBoolean() ? random.nextLong(2L << 30) : Math.max(0, brim + random.nextInt(3) - 1),
                    sandboxes);

            boolean chosen = any.choose(spec, List.of(candidate), Map.of(candidate.host(), reserved)) instanceof Placed;
            assertThat(any.limit(spec, candidate)
                            .filter(limit -> limit.holds(reserved))
                            .isPresent())
                    .as("%s for %s with %s reserved", spec.size(), capacity, reserved)
                    .isEqualTo(chosen);
            fitting += chosen ? 1 : 0;
        }
        assertThat(fitting).as("both answers are tried").isBetween(2_000, 18_000);
    }

    @Test
    void saysWhatWouldFit() {
        Unplaceable full = (Unplaceable) placement.choose(spec(500, 9 << 10), List.of(one, two), Map.of());
        assertThat(full.reasons()).hasSize(2);
        assertThat(full.asProblem().code()).isEqualTo(ProblemCode.CAPACITY);
        assertThat(full.asProblem().detail()).isEqualTo("memory: 9Gi asked for, 8Gi of 8Gi free.");
        assertThat(full.asProblem().hint()).startsWith("One of up to 8Gi of memory and 4 CPU would fit now.");
        Unplaceable nowhere = (Unplaceable) placement.choose(spec(500, 64), List.of(), Map.of());
        assertThat(nowhere.asProblem().code()).isEqualTo(ProblemCode.HOST_UNAVAILABLE);
    }

    private static SandboxSpec spec(long cpu, long mebibytes) {
        return new SandboxSpec(
                Optional.empty(),
                new ImageName("base"),
                SandboxSize.of(new CpuAmount(cpu), MemorySize.ofMebibytes(mebibytes)),
                Duration.ofHours(1),
                Map.of(),
                Map.of(),
                true);
    }
}
