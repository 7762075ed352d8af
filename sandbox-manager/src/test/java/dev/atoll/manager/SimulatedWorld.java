package dev.atoll.manager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.manager.host.FakeHost;
import dev.atoll.manager.host.HostClient;
import dev.atoll.manager.idempotency.IdempotencyKey;
import dev.atoll.manager.key.Caller;
import dev.atoll.manager.sandbox.Created;
import dev.atoll.manager.store.InMemoryStore;
import dev.atoll.manager.timer.ManualClock;
import dev.atoll.model.host.HostCapacity;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.EndReason;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.model.sandbox.SandboxSpec;
import dev.atoll.model.sandbox.SandboxState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Control planes and hosts on one thread and one clock, with trouble drawn from a seed: requests and answers get lost, processes are
 * killed in the middle, hosts come back with or without what they had, old commands arrive once more, and while any call is under way
 * others go on.
 */
final class SimulatedWorld {
    private static final int PLANES = 2;
    private static final int HOSTS = 3;
    private static final int MAX_DEPTH = 3;
    private static final long HOST_MEMORY = 8L << 30;

    private record OldPrepare(FakeHost host, SandboxId sandbox, long generation, SandboxSpec spec) {}

    private final Random random;
    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final InMemoryStore store = new InMemoryStore();
    private final ManagerStores stores = TestingManager.storesInMemory(store, store);
    private final List<FakeHost> hosts = new ArrayList<>();
    private final Set<FakeHost> unreachable = new HashSet<>();
    private final SimulatedLife[] lives = new SimulatedLife[PLANES];
    private final Caller caller;
    private final Ids ids;
    private final Set<SandboxId> acknowledged = new HashSet<>();
    private final Map<IdempotencyKey, SandboxId> byKey = new HashMap<>();
    private final Map<SandboxId, Sandbox> lastSeen = new HashMap<>();
    private final List<OldPrepare> oldCommands = new ArrayList<>();
    private boolean troubled = true;
    private final Deque<SimulatedLife> stack = new ArrayDeque<>();

    SimulatedWorld(long seed) {
        this.random = new Random(seed);
        this.ids = new Ids(random);
        this.caller = new Caller(ids.workspace(), ids.key());
        for (int i = 0; i < HOSTS; i++) {
            FakeHost host = new FakeHost(ids.host(), new HostCapacity(8_000, HOST_MEMORY, 0), clock);
            host.setFaults(new Trouble(host));
            hosts.add(host);
        }
        for (int i = 0; i < PLANES; i++) {
            lives[i] = new SimulatedLife(stores, List.copyOf(hosts), clock, random);
        }
        for (SimulatedLife life : List.of(lives)) {
            within(life, life::start);
        }
    }

    /** One thing happens. */
    void step() {
        int dice = random.nextInt(100);
        if (dice < 55) {
            runOneTask();
        } else if (dice < 68) {
            create();
        } else if (dice < 75) {
            stopAny();
        } else if (dice < 90) {
            advance(Duration.ofMillis(random.nextInt(3_000)));
        } else if (dice < 91) {
            advance(Duration.ofSeconds(random.nextInt(400)));
        } else {
            trouble(dice);
        }
        checkAlways();
    }

    private void trouble(int dice) {
        FakeHost host = hosts.get(random.nextInt(HOSTS));
        switch (dice) {
            case 91 -> kill(random.nextInt(PLANES));
            case 92 -> host.restart();
            case 93 -> {
                if (random.nextInt(4) == 0) {
                    host.loseEverything();
                }
            }
            case 94 -> {
                unreachable.add(host);
                host.restart();
            }
            case 95, 96 -> unreachable.remove(host);
            case 97 ->
                anyOf(host.running().keySet())
                        .ifPresent(sandbox -> host.endByItself(sandbox, EndReason.OOM, "too much"));
            default -> repeatOldCommand();
        }
    }

    /** Trouble ends; time passes; everything must come to rest. */
    void settle() {
        troubled = false;
        unreachable.clear();
        for (int i = 0; i < 40; i++) {
            advance(Duration.ofSeconds(20));
            while (runOneTask()) {
                checkAlways();
            }
        }
        assertThat(store.queued()).as("effects that nobody carries out").isEmpty();
        Map<SandboxId, FakeHost> onHosts = new HashMap<>();
        hosts.forEach(host -> host.running().keySet().forEach(sandbox -> onHosts.put(sandbox, host)));
        for (Sandbox sandbox : store.all()) {
            assertThat(sandbox.state())
                    .as("%s is stuck", sandbox)
                    .isIn(SandboxState.RUNNING, SandboxState.STOPPED, SandboxState.FAILED);
            if (sandbox.state() == SandboxState.RUNNING) {
                assertThat(sandbox.expiresAt())
                        .as("%s outlived its ttl", sandbox)
                        .isAfter(clock.instant());
                FakeHost host = onHosts.remove(sandbox.id());
                assertThat(host).as("%s runs nowhere", sandbox).isNotNull();
                assertThat(sandbox.host()).as("where it runs").contains(host.id());
            }
        }
        assertThat(onHosts).as("boxes on hosts that nobody wants").isEmpty();
    }

    /** Holds in every moment, whatever goes wrong. */
    private void checkAlways() {
        Map<Object, Long> memory = new HashMap<>();
        Set<SandboxId> present = new HashSet<>();
        for (Sandbox sandbox : store.all()) {
            present.add(sandbox.id());
            Sandbox before = lastSeen.put(sandbox.id(), sandbox);
            if (before != null && before.generation() == sandbox.generation()) {
                assertThat(sandbox).as("changed without a new generation").isEqualTo(before);
            } else if (before != null) {
                assertThat(sandbox.generation())
                        .as("generation of %s", sandbox.id())
                        .isGreaterThan(before.generation());
                assertThat(before.state().isTerminal())
                        .as("%s came back from the dead", before)
                        .isFalse();
            }
            if (sandbox.state().isTerminal()) {
                assertThat(sandbox.reason()).as("reason of %s", sandbox).isPresent();
                assertThat(sandbox.endedAt()).as("end of %s", sandbox).isPresent();
            } else {
                memory.merge(
                        sandbox.host().orElseThrow(),
                        sandbox.spec().size().memory().bytes(),
                        Long::sum);
            }
        }
        assertThat(present).as("acknowledged creates").containsAll(acknowledged);
        assertThat(memory.values())
                .as("promised memory")
                .allSatisfy(sum -> assertThat(sum).isLessThanOrEqualTo(HOST_MEMORY));
    }

    private boolean runOneTask() {
        List<SimulatedLife> busy = new ArrayList<>();
        for (SimulatedLife life : lives) {
            if (life.hasTasks()) {
                busy.add(life);
            }
        }
        if (busy.isEmpty()) {
            return false;
        }
        SimulatedLife life = busy.get(random.nextInt(busy.size()));
        within(life, life::runAnyTask);
        return true;
    }

    private void create() {
        SimulatedLife life = lives[random.nextInt(PLANES)];
        Optional<IdempotencyKey> key =
                random.nextBoolean() ? Optional.empty() : Optional.of(new IdempotencyKey("k" + random.nextInt(40)));
        // The spec follows from the key: the same key always asks for the same.
        int size = key.map(given -> 1 + given.value().hashCode() % 3).orElseGet(() -> 1 + random.nextInt(3));
        SandboxSpec spec = new SandboxSpec(
                Optional.empty(),
                new ImageName("base"),
                SandboxSize.of(new CpuAmount(250L * size), MemorySize.ofMebibytes(512L * size)),
                Duration.ofSeconds(60L * (1L << (5 * (size - 1)))),
                Map.of(),
                Map.of(),
                true);
        within(life, () -> {
            try {
                Created created = life.parts().sandboxes().create(caller, spec, key, Duration.ZERO);
                SandboxId id = created.sandbox().id();
                acknowledged.add(id);
                key.ifPresent(given -> assertThat(byKey.merge(given, id, (first, second) -> first))
                        .as("the sandbox of key %s", given)
                        .isEqualTo(id));
            } catch (ProblemException e) {
                assertThat(e.problem().code()).isIn(ProblemCode.CAPACITY, ProblemCode.HOST_UNAVAILABLE);
            }
        });
    }

    private void stopAny() {
        SimulatedLife life = lives[random.nextInt(PLANES)];
        anyOf(acknowledged)
                .ifPresent(id -> within(life, () -> life.parts().sandboxes().stop(caller, id, Duration.ZERO)));
    }

    private void advance(Duration by) {
        Instant then = clock.instant().plus(by);
        while (true) {
            Optional<SimulatedLife> next = Arrays.stream(lives)
                    .filter(life ->
                            life.nextTimer().filter(when -> !when.isAfter(then)).isPresent())
                    .min(Comparator.comparing(life -> life.nextTimer().orElseThrow()));
            if (next.isEmpty()) {
                break;
            }
            next.get().advanceTo(next.get().nextTimer().orElseThrow());
            // Time does not stand still for long while there is work: most of it is done before the next timer.
            for (int i = random.nextInt(troubled ? 6 : 60); i > 0 && runOneTask(); i--) {
                checkAlways();
            }
        }
        clock.advanceTo(then);
    }

    private void repeatOldCommand() {
        if (!oldCommands.isEmpty()) {
            OldPrepare old = oldCommands.get(random.nextInt(oldCommands.size()));
            try {
                old.host().sandboxes().prepare(old.sandbox(), old.generation(), old.spec());
            } catch (ProblemException refused) {
                // As it should be, unless the host has never seen a newer command.
            }
        }
    }

    private void kill(int plane) {
        lives[plane].kill();
        revive(plane);
    }

    private void revive(int plane) {
        lives[plane] = new SimulatedLife(stores, List.<HostClient>copyOf(hosts), clock, random);
        within(lives[plane], lives[plane]::start);
    }

    private void within(SimulatedLife life, Runnable work) {
        stack.push(life);
        try {
            life.runKillable(work);
        } finally {
            stack.pop();
        }
        for (int i = 0; stack.isEmpty() && i < PLANES; i++) {
            if (lives[i].isDead()) {
                revive(i);
            }
        }
    }

    /** Sorted first: a hash order would make a seed mean something else in the next run. */
    private Optional<SandboxId> anyOf(Set<SandboxId> all) {
        List<String> sorted = all.stream().map(SandboxId::value).sorted().toList();
        return sorted.isEmpty()
                ? Optional.empty()
                : Optional.of(new SandboxId(sorted.get(random.nextInt(sorted.size()))));
    }

    /** What can go wrong with a call to a host. */
    private final class Trouble implements FakeHost.Faults {
        private final FakeHost host;

        Trouble(FakeHost host) {
            this.host = host;
        }

        @Override
        public void before(String call) {
            meanwhile();
            if (unreachable.contains(host) || (troubled && random.nextInt(20) == 0)) {
                throw unavailable();
            }
        }

        @Override
        public void after(String call) {
            if (call.equals("prepare")) {
                remember();
            }
            meanwhile();
            // Only where nobody else's work is under this one on the stack.
            if (troubled && stack.size() == 1 && random.nextInt(25) == 0) {
                stack.element().kill();
                throw new SimulatedLife.Killed();
            }
            if (troubled && random.nextInt(12) == 0) {
                throw unavailable();
            }
        }

        private void remember() {
            for (Map.Entry<SandboxId, Long> box : host.running().entrySet()) {
                store.find(box.getKey())
                        .filter(sandbox -> oldCommands.size() < 200 && random.nextInt(10) == 0)
                        .ifPresent(sandbox ->
                                oldCommands.add(new OldPrepare(host, sandbox.id(), box.getValue(), sandbox.spec())));
            }
        }

        private void meanwhile() {
            if (stack.size() < MAX_DEPTH && !stack.isEmpty() && random.nextInt(3) == 0) {
                runOneTask();
            }
        }

        private ProblemException unavailable() {
            return Problem.of(ProblemCode.HOST_UNAVAILABLE, "The call got lost.")
                    .asException();
        }
    }
}
