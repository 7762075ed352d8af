package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.box.BoxTemplate;
import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.hostagent.exec.ExecTable;
import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.EndReason;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sandboxes of this host. Commands name the generation they mean: one that was overtaken by a newer command is refused; one that is
 * repeated
 * is answered like the first. Thread-safe; calls block until what they ask for is done.
 */
public final class SandboxHost {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxHost.class);

    /** How long what was heard of guests last may take to be dealt with. */
    private static final long LEAVE_SECONDS = 5;

    private final HostTools tools;
    private final ConcurrentHashMap<SandboxId, SandboxOwner> owners = new ConcurrentHashMap<>();
    private final SandboxReports reports = new SandboxReports();
    private volatile boolean closing;

    public SandboxHost(HostTools tools) {
        this.tools = tools;
        tools.metrics().live(owners::size);
    }

    /**
     * Makes a sandbox and starts it. A failure has been undone when it is thrown.
     *
     * @throws ProblemException {@code stale_generation}, {@code image_not_found}, {@code sandbox_start_failed} and what else kept it from
     * being made
     */
    public Prepared prepare(SandboxPlan plan) throws InterruptedException {
        requireOpenFor(plan);
        SandboxOwner fresh = owner(plan, new Origin.Wanted());
        SandboxOwner owner = owners.putIfAbsent(plan.sandbox(), fresh);
        if (owner != null) {
            return awaitRepeated(owner, plan);
        }
        tools.threads().execute(fresh::run);
        return await(fresh.prepared());
    }

    /**
     * The same of a box that is kept ready, on this thread; empty, with nothing done, when none is. Whoever wants it writes it down after
     * this, or {@linkplain #giveBack gives it back}.
     */
    public Optional<Prepared> claim(SandboxPlan plan) throws InterruptedException {
        requireOpenFor(plan);
        SandboxOwner known = owners.get(plan.sandbox());
        if (known != null) {
            return Optional.of(awaitRepeated(known, plan));
        }
        Optional<HostedBox> ready = tools.images()
                .readyId(plan.image())
                .flatMap(image -> tools.pool().takeReady(new BoxTemplate(image, plan.size()), plan.image()));
        return ready.isPresent() ? Optional.of(makeOf(ready.get(), plan)) : Optional.empty();
    }

    private Prepared makeOf(HostedBox ready, SandboxPlan plan) throws InterruptedException {
        SandboxOwner fresh = owner(plan, new Origin.Claimed(ready));
        SandboxOwner owner = owners.putIfAbsent(plan.sandbox(), fresh);
        if (owner != null) {
            ready.destroy();
            return awaitRepeated(owner, plan);
        }
        tools.threads().execute(fresh.begin());
        try {
            return await(fresh.prepared());
        } catch (RuntimeException e) {
            // It may have failed before the box was a part of it.
            ready.destroy();
            throw e;
        }
    }

    private static Prepared awaitRepeated(SandboxOwner owner, SandboxPlan plan) throws InterruptedException {
        if (owner.generation() > plan.generation()) {
            throw stale();
        }
        owner.raise(plan.generation());
        return await(owner.prepared());
    }

    private void requireOpenFor(SandboxPlan plan) {
        requireCurrent(plan.sandbox(), plan.generation());
        if (closing) {
            throw Problem.of(ProblemCode.SHUTTING_DOWN, "The host is shutting down.", "Try again.")
                    .asException();
        }
        if (owners.size() >= tools.settings().liveSandboxes()) {
            throw Problem.of(ProblemCode.CAPACITY, "The host has as many sandboxes as it may.", "Try again later.")
                    .asException();
        }
        tools.disk().require();
    }

    /** All that are being made, run or are being taken down. */
    Collection<SandboxOwner> owners() {
        return owners.values();
    }

    Optional<SandboxOwner> ownerOf(SandboxId sandbox) {
        return Optional.ofNullable(owners.get(sandbox));
    }

    /**
     * For how long nothing has used a sandbox.
     *
     * @param processes whether a command that runs is use
     * @throws ProblemException {@code sandbox_not_found} when it does not run here
     */
    public Duration idleFor(SandboxId sandbox, boolean processes) {
        boolean busy = processes
                && ownerOf(sandbox)
                        .flatMap(SandboxOwner::execs)
                        .filter(ExecTable::isBusy)
                        .isPresent();
        return tools.activity()
                .idleFor(sandbox, processes)
                .map(idle -> busy ? Duration.ZERO : idle)
                .orElseThrow(() -> Problem.of(ProblemCode.SANDBOX_NOT_FOUND, "The host has no such sandbox that runs.")
                        .asException());
    }

    /** Takes over a sandbox of an earlier life. Returns at once; to be called before this host is open to commands. */
    void adopt(SandboxPlan plan, Origin origin) {
        SandboxOwner owner = owner(plan, origin);
        owners.put(plan.sandbox(), owner);
        tools.threads().execute(owner::run);
    }

    private SandboxOwner owner(SandboxPlan plan, Origin origin) {
        return new SandboxOwner(plan, origin, tools, reports, owner -> owners.remove(owner.sandbox(), owner));
    }

    /** Waits until those that were taken over can be used or have ended, or the time is over. */
    public void awaitAdopted(Duration patience) throws InterruptedException {
        CompletableFuture<?>[] all =
                owners.values().stream().map(SandboxOwner::prepared).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(all).exceptionally(ended -> null).get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException stillAtIt) {
            LOG.warn("some sandboxes of an earlier life do not answer yet");
        }
    }

    /** Does this if nobody in this process answers for a sandbox; until it is done, nobody begins to. */
    void ifUnowned(SandboxId sandbox, Runnable action) {
        var _ = owners.compute(sandbox, (id, owner) -> {
            if (owner == null) {
                action.run();
            }
            return owner;
        });
    }

    /** Takes down what was claimed and is on record nowhere; returns when nothing is left of it. It may be claimed or prepared anew. */
    public void giveBack(SandboxId sandbox, long generation) throws InterruptedException {
        SandboxOwner owner = owners.get(sandbox);
        if (owner != null) {
            if (owner.generation() > generation) {
                throw stale();
            }
            await(owner.giveBack());
        }
    }

    /** Takes a sandbox down; returns when nothing is left of it. One that is not here is down already. */
    public void stop(SandboxId sandbox, long generation) throws InterruptedException {
        SandboxOwner owner = owners.get(sandbox);
        if (owner == null) {
            reports.forget(sandbox);
            tools.fences().raise(sandbox, generation + 1);
            return;
        }
        if (owner.generation() > generation) {
            throw stale();
        }
        owner.raise(generation);
        await(owner.stop());
    }

    /**
     * The execs of a sandbox that runs, or that ended by itself a while ago.
     *
     * @throws ProblemException {@code sandbox_not_ready}, {@code sandbox_stopped}, {@code sandbox_not_found}
     */
    public ExecTable execs(SandboxId sandbox) {
        SandboxOwner owner = owner(sandbox);
        return owner.execs().orElseThrow(() -> closed(owner));
    }

    /**
     * The box of a sandbox that runs.
     *
     * @throws ProblemException {@code sandbox_not_ready}, {@code sandbox_stopped}, {@code sandbox_not_found}
     */
    public HostedBox box(SandboxId sandbox) {
        SandboxOwner owner = owner(sandbox);
        return owner.runningBox().filter(box -> !box.exit().isDone()).orElseThrow(() -> closed(owner));
    }

    private SandboxOwner owner(SandboxId sandbox) {
        SandboxOwner owner = owners.get(sandbox);
        if (owner == null) {
            boolean known = tools.fences().generation(sandbox) >= 0;
            throw (known
                            ? Problem.of(ProblemCode.SANDBOX_STOPPED, "The sandbox has ended.", "Create a new one.")
                            : Problem.of(ProblemCode.SANDBOX_NOT_FOUND, "The host has no such sandbox."))
                    .asException();
        }
        return owner;
    }

    private static ProblemException closed(SandboxOwner owner) {
        return (owner.prepared().isDone()
                        ? Problem.of(ProblemCode.SANDBOX_STOPPED, "The sandbox is ending.", "Create a new one.")
                        : Problem.of(
                                ProblemCode.SANDBOX_NOT_READY,
                                "The sandbox is still being made.",
                                "Wait until it runs."))
                .asException();
    }

    /**
     * What a sandbox said, to be read: while it runs, and after its end for as long as that is kept.
     *
     * @throws ProblemException {@code sandbox_not_ready}, {@code sandbox_not_found}, {@code retention_over}
     */
    public ExecTable records(SandboxId sandbox) {
        // In this order: it is kept before its owner goes.
        SandboxOwner owner = owners.get(sandbox);
        Optional<ExecTable> live = owner == null ? Optional.empty() : owner.execs();
        Optional<ExecTable> known = live.isPresent() ? live : tools.retained().execs(sandbox);
        if (known.isPresent()) {
            return known.get();
        }
        if (owners.get(sandbox) == null && tools.fences().generation(sandbox) >= 0) {
            throw Problem.of(
                            ProblemCode.RETENTION_OVER,
                            "What the sandbox said is not kept any longer.",
                            "Read it sooner after the end of the sandbox.")
                    .asException();
        }
        return execs(sandbox);
    }

    /** The sandboxes as they are, and every change from now on. */
    public SandboxReports.Observer observe() {
        return reports.observe();
    }

    /** Tells observers how a sandbox ended of which nothing is left. */
    void reportGone(SandboxPlan plan, EndReason reason, String detail) {
        tools.fences().raise(plan.sandbox(), plan.generation() + 1);
        tools.metrics().ended(reason);
        reports.publish(new SandboxReport.Ended(plan.sandbox(), plan.generation(), reason, detail));
    }

    /** Takes every sandbox down and makes no more. */
    public void stopAll() throws InterruptedException {
        closing = true;
        List<CompletableFuture<Void>> stops =
                owners.values().stream().map(SandboxOwner::stop).toList();
        for (CompletableFuture<Void> stop : stops) {
            stop.exceptionally(undone -> null).join();
        }
    }

    /** Makes no more, and lets go of every sandbox: they go on. */
    public void leaveAll() {
        closing = true;
        CompletableFuture<?>[] all =
                owners.values().stream().map(SandboxOwner::leave).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(all).get(LEAVE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("the links to some sandboxes do not end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void requireCurrent(SandboxId sandbox, long generation) {
        if (generation < tools.fences().generation(sandbox)) {
            throw stale();
        }
    }

    private static ProblemException stale() {
        return Problem.of(ProblemCode.STALE_GENERATION, "A newer command for this sandbox has been seen.")
                .asException();
    }

    private static <T> T await(CompletableFuture<T> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                throw new ProblemException(problem.problem(), problem);
            }
            throw new IllegalStateException("an owner failed", e.getCause());
        }
    }
}
