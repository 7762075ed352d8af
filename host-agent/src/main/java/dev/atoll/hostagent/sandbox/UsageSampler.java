package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.hostagent.usage.UsageRing;
import dev.atoll.hostagent.usage.UsageSettings;
import dev.atoll.isolation.runtime.BoxHolding;
import dev.atoll.model.host.UsageSeries;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notes what running sandboxes use, from what the host's kernel counts: no sandbox is asked or woken for it. {@link #look} is to be called
 * as often as the settings say. Thread-safe.
 */
public final class UsageSampler {
    private final SandboxHost sandboxes;
    private final UsageSettings settings;
    private final Clock clock;
    private final Map<SandboxId, Watched> watched = new ConcurrentHashMap<>();
    private int looks;

    /** {@code diskBytes} as they were when they were last looked at. */
    private record Watched(UsageRing ring, long diskBytes) {}

    public UsageSampler(SandboxHost sandboxes, UsageSettings settings, Clock clock) {
        this.sandboxes = sandboxes;
        this.settings = settings;
        this.clock = clock;
    }

    /** Looks once at all that run, and forgets those that do not. */
    public synchronized void look() {
        boolean disk = looks++ % settings.diskLooks() == 0;
        for (SandboxOwner owner : sandboxes.owners()) {
            owner.runningBox().ifPresent(box -> look(owner, box, disk));
        }
        watched.keySet()
                .removeIf(sandbox -> sandboxes
                        .ownerOf(sandbox)
                        .flatMap(SandboxOwner::runningBox)
                        .isEmpty());
    }

    private void look(SandboxOwner owner, HostedBox box, boolean disk) {
        Optional<BoxHolding> holding = box.standing().holding();
        if (holding.isPresent()) {
            Watched before = watched.get(owner.sandbox());
            UsageRing ring = before == null ? new UsageRing(settings.kept()) : before.ring();
            long diskBytes = disk || before == null ? owner.diskBytes() : before.diskBytes();
            int running = owner.execs().map(execs -> execs.running()).orElse(0);
            ring.add(clock.instant(), holding.get().cpuNanos(), holding.get().memoryBytes(), diskBytes, running);
            watched.put(owner.sandbox(), new Watched(ring, diskBytes));
        }
    }

    /**
     * What a sandbox has used since a time. Asks the sandbox how many processes it has now.
     *
     * @throws dev.atoll.model.problem.ProblemException {@code sandbox_not_found} when it does not run here
     */
    public UsageSeries series(SandboxId sandbox, Instant since, Duration step) {
        Optional<SandboxOwner> owner = sandboxes.ownerOf(sandbox);
        HostedBox box = owner.flatMap(SandboxOwner::runningBox)
                .orElseThrow(() -> Problem.of(ProblemCode.SANDBOX_NOT_FOUND, "The host has no such sandbox that runs.")
                        .asException());
        if (!watched.containsKey(sandbox)) {
            look(owner.get(), box, true);
        }
        Watched known = watched.get(sandbox);
        OptionalInt processes = box.standing().processes();
        return new UsageSeries(
                known == null ? List.of() : known.ring().since(since, step), settings.every(), processes);
    }
}
