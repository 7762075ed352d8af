package dev.atoll.manager.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.manager.idempotency.KeyedRequest;
import dev.atoll.manager.placement.HostCandidate;
import dev.atoll.manager.placement.Placement;
import dev.atoll.manager.placement.PlacementSettings;
import dev.atoll.manager.store.Insertion.Inserted;
import dev.atoll.model.host.HostCapacity;
import dev.atoll.model.id.HostId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.WorkspaceId;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.quantity.CpuAmount;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.sandbox.Decision;
import dev.atoll.model.sandbox.Lifecycle;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxEvent;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.model.sandbox.SandboxSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What tests of stores share. Each test uses a workspace and hosts of its own, so that they may share a database. */
abstract class StoreFixture {
    static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123456Z");
    static final Instant LEASE = NOW.plusSeconds(15);
    static final int RACERS = 16;

    final Ids ids = new Ids(new Random());
    final WorkspaceId workspace = ids.workspace();
    final HostId host = ids.host();
    final Placement placement = new Placement(new PlacementSettings(4));
    final List<HostCandidate> room = List.of(new HostCandidate(host, new HostCapacity(64_000, 64L << 30, 0)));

    abstract SandboxStore store();

    abstract EffectQueue effects();

    final SandboxSpec spec() {
        return labelled(Map.of());
    }

    static SandboxSpec labelled(Map<String, String> labels) {
        return new SandboxSpec(
                Optional.empty(),
                new ImageName("base"),
                SandboxSize.of(new CpuAmount(1000), MemorySize.ofMebibytes(256)),
                Duration.ofHours(1),
                Map.of(),
                labels,
                true);
    }

    static SandboxSpec named(String name) {
        return new SandboxSpec(
                Optional.of(name),
                new ImageName("base"),
                SandboxSize.of(new CpuAmount(1000), MemorySize.ofMebibytes(256)),
                Duration.ofHours(1),
                Map.of(),
                Map.of(),
                true);
    }

    final NewSandbox wanted(SandboxSpec spec, Optional<KeyedRequest> keyed, List<HostCandidate> candidates) {
        return new NewSandbox(Sandbox.requested(ids.sandbox(), workspace, spec, NOW), keyed, candidates, LEASE);
    }

    final Inserted insert(SandboxSpec spec) {
        return insertAt(NOW, spec);
    }

    final Inserted insertAt(Instant when, SandboxSpec spec) {
        Sandbox requested = Sandbox.requested(ids.sandbox(), workspace, spec, when);
        return (Inserted) store().insert(new NewSandbox(requested, Optional.empty(), room, LEASE), placement);
    }

    final Sandbox move(Sandbox sandbox, SandboxEvent event) {
        Decision.Advance advance = (Decision.Advance) Lifecycle.decide(sandbox, event, NOW);
        assertThat(store().commit(new Change(advance.next(), advance.effects(), LEASE, OptionalLong.empty(), false)))
                .isPresent();
        return advance.next();
    }

    static Change change(Sandbox sandbox, SandboxEvent event, Inserted completes) {
        Decision.Advance advance = (Decision.Advance) Lifecycle.decide(sandbox, event, NOW);
        return new Change(
                advance.next(),
                advance.effects(),
                LEASE,
                OptionalLong.of(completes.effects().getFirst().seq()),
                true);
    }

    final List<Sandbox> listed(SandboxFilter filter) {
        return store().list(workspace, filter, PageRequest.first(100)).items();
    }

    final List<PendingEffect> claimed(Instant now) {
        return effects().claim(now, now.plusSeconds(15), 10_000);
    }

    static <T> List<T> race(Callable<T> racer) throws Exception {
        CyclicBarrier start = new CyclicBarrier(RACERS);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < RACERS; i++) {
                futures.add(threads.submit(() -> {
                    start.await();
                    return racer.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }
}
