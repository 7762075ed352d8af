package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.hostagent.exec.ExecTable;
import dev.atoll.hostagent.journal.Journal;
import dev.atoll.hostagent.journal.Preparation;
import dev.atoll.hostagent.journal.SandboxEntry;
import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.isolation.guest.Detachment;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one that owns a sandbox: a virtual thread that makes it or takes it over, watches it and takes it down. Everyone else sends it
 * messages through a mailbox or looks at what it has published. Its life is {@link #run}: come to be, live, end, and away.
 */
final class SandboxOwner {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxOwner.class);

    /** Every sender sends each kind of message once, so this is never full. */
    private static final int MAILBOX = 16;

    private final SandboxPlan plan;
    private final HostTools tools;
    private final SandboxReports reports;
    private final Consumer<SandboxOwner> away;
    private final SandboxPieces pieces;
    private final Origin origin;
    private final OwnerLog log;
    private final BlockingQueue<OwnerMessage> mailbox = new ArrayBlockingQueue<>(MAILBOX);
    private final CompletableFuture<Prepared> prepared = new CompletableFuture<>();
    private volatile CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile boolean stopWanted;
    private volatile boolean neverWas;
    private volatile boolean leaving;
    private volatile boolean open;
    private boolean ran;

    /** How long it took to make it here; 0 when an earlier life did. */
    private long tookNanos;

    private boolean forgotten;
    private volatile long generation;

    /** {@code away} hears when nothing is left of the sandbox. */
    SandboxOwner(
            SandboxPlan plan, Origin origin, HostTools tools, SandboxReports reports, Consumer<SandboxOwner> away) {
        this.plan = plan;
        this.origin = origin;
        this.tools = tools;
        this.reports = reports;
        this.away = away;
        this.generation = plan.generation();
        this.log = new OwnerLog(plan.sandbox());
        this.pieces = new SandboxPieces(
                plan, tools, origin instanceof Origin.Claimed(HostedBox box) ? Optional.of(box) : Optional.empty());
    }

    SandboxId sandbox() {
        return plan.sandbox();
    }

    long generation() {
        return generation;
    }

    void raise(long newer) {
        generation = Math.max(generation, newer);
    }

    /** Completes when commands can be run in it, fails with the problem that kept it from being made. */
    CompletableFuture<Prepared> prepared() {
        return prepared;
    }

    /** The execs, while the sandbox runs and for a while after it has ended by itself. */
    Optional<ExecTable> execs() {
        return open ? pieces.execsIfMade() : Optional.empty();
    }

    /** Asks for the end. Completes when nothing is left, fails when something cannot be taken away now; then it may be asked again. */
    synchronized CompletableFuture<Void> stop() {
        if (stopped.isCompletedExceptionally()) {
            stopped = new CompletableFuture<>();
            stopWanted = false;
        }
        if (!stopWanted) {
            stopWanted = true;
            pieces.cancel();
            mailbox.add(new OwnerMessage.Stop());
        }
        return stopped;
    }

    /** As {@link #stop}, of one that was made ahead of its record and has none: the command that made it may come again. */
    CompletableFuture<Void> giveBack() {
        neverWas = true;
        return stop();
    }

    /** Ends it for a reason of its host's. */
    void end(SandboxEnd why) {
        mailbox.offer(new OwnerMessage.Ended(why));
    }

    /** Its box, while it runs. */
    Optional<HostedBox> runningBox() {
        return open ? pieces.boxIfTaken() : Optional.empty();
    }

    /** What it has written, on its host's disk; 0 when that cannot be told. */
    long diskBytes() {
        return runningBox().map(box -> box.standing().diskBytes()).orElse(0L);
    }

    /**
     * Lets go of the sandbox, which goes on for the next life of this agent to take over. From now on nothing is heard of its guest, so
     * nothing is acknowledged to it any more that could then be lost; completes when the last of what was heard has been dealt with.
     */
    CompletableFuture<?> leave() {
        leaving = true;
        Optional<HostedBox> box = pieces.boxIfTaken();
        box.ifPresent(HostedBox::letGo);
        return box.<CompletableFuture<?>>map(HostedBox::detached)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    /** A part of the sandbox's life. */
    private interface Part {
        Runnable live() throws InterruptedException;
    }

    /** The sandbox's whole life. */
    void run() {
        begin().run();
    }

    /** Comes to be, or does not, on this thread; the rest of its life is what this returns, for a thread of its own. */
    Runnable begin() {
        long start = nanos();
        return guarded(start, () -> {
            Journal<SandboxEntry> journal = tools.journals().open(sandbox().value());
            try {
                Preparation preparation = new Preparation(
                        "sandbox=" + sandbox(),
                        step -> journal.append(new SandboxEntry.Making(step)),
                        tools.steps(),
                        tools.nanos());
                boolean runs = comeToBe(preparation, journal, start);
                return () -> guarded(start, () -> goOn(preparation, journal, runs));
            } catch (RuntimeException e) {
                journal.close();
                throw e;
            }
        });
    }

    /** Whether it runs. */
    private boolean comeToBe(Preparation preparation, Journal<SandboxEntry> journal, long start) {
        return switch (origin) {
            case Origin.Wanted(), Origin.Claimed _ -> prepare(preparation, journal, start);
            case Origin.Adopted adopted -> {
                preparation.adopt(pieces.steps());
                takeOver(adopted, start);
                yield true;
            }
            case Origin.EndedBefore ended -> {
                preparation.adopt(pieces.steps());
                remember(ended);
                yield false;
            }
        };
    }

    private Runnable goOn(Preparation preparation, Journal<SandboxEntry> journal, boolean runs)
            throws InterruptedException {
        try (journal) {
            if (runs) {
                if (tookNanos > 0) {
                    log.made(pieces.box(), pieces.prepared(), tookNanos);
                }
                live(preparation, journal);
            } else if (origin instanceof Origin.EndedBefore ended) {
                awaitFarewell(ended.left());
            }
            takeDown(preparation);
            return () -> {};
        }
    }

    private Runnable guarded(long start, Part part) {
        try {
            return part.live();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("sandbox={} its owner fails", sandbox(), e);
            fail(start, e);
            away.accept(this);
            stopped.completeExceptionally(e);
        }
        return () -> {};
    }

    private boolean prepare(Preparation preparation, Journal<SandboxEntry> journal, long start) {
        if (!(origin instanceof Origin.Claimed)) {
            report(false);
        }
        try {
            journal.append(new SandboxEntry.Begun(
                    plan, tools.boxes().hostBoot(), tools.clock().instant()));
            preparation.make(pieces.steps(), () -> stopWanted);
            Prepared made = pieces.prepared();
            journal.append(new SandboxEntry.Running(made.image(), made.start()));
        } catch (RuntimeException e) {
            pieces.execsIfMade().ifPresent(execs -> execs.endAll(ExecEndReason.SANDBOX_STOPPED));
            boolean clean = preparation.undo(step -> true);
            log.notMade(e, clean);
            if (clean) {
                // Whoever hears of the failure may send the next command at once: by then nothing is left.
                forget();
            }
            fail(start, e);
            return false;
        }
        long took = nanos() - start;
        tools.metrics().prepared(pieces.prepared().start(), took);
        opened();
        tookNanos = took;
        return true;
    }

    private void takeOver(Origin.Adopted adopted, long start) {
        try {
            pieces.adopt(adopted);
        } catch (IOException | TimeoutException | RuntimeException e) {
            LOG.error("sandbox={} cannot be taken over", sandbox(), e);
            mailbox.add(new OwnerMessage.Ended(SandboxEnd.notTakenOver()));
        }
        tools.metrics().adopted("sandbox");
        log.takenOver(pieces.boxIfTaken(), nanos() - start);
        opened();
    }

    private void opened() {
        ran = true;
        open = true;
        tools.activity().opened(sandbox());
        report(true);
        listen();
        prepared.complete(pieces.prepared());
    }

    /** What ended in an earlier life can be read on for as long as is left. */
    private void remember(Origin.EndedBefore ended) {
        ran = true;
        try {
            pieces.adoptRecords();
            pieces.keepRecords(ended.at());
            open = true;
        } catch (IOException | RuntimeException e) {
            LOG.error("sandbox={} the records of its execs cannot be read", sandbox(), e);
        }
        reports.publish(new SandboxReport.Ended(sandbox(), generation, ended.reason(), ended.detail()));
        prepared.completeExceptionally(
                Problem.of(ProblemCode.SANDBOX_STOPPED, "The sandbox has ended.", "Create a new one.")
                        .asException());
    }

    private void listen() {
        var _ = pieces.named().whenComplete((how, why) -> {
            if (!leaving && (how == null || !how.applied())) {
                mailbox.offer(new OwnerMessage.Ended(SandboxEnd.unnamed()));
            }
        });
        pieces.boxIfTaken().ifPresent(box -> {
            var _ = box.exit().thenAccept(how -> mailbox.offer(new OwnerMessage.Ended(SandboxEnd.of(how))));
            var _ = box.detached().thenAccept(why -> tools.threads().execute(() -> detached(why)));
        });
    }

    private void detached(Detachment why) {
        if (!leaving && !stopWanted) {
            BoxEnds.after(why, pieces.box()).ifPresent(this::end);
        }
    }

    private void live(Preparation preparation, Journal<SandboxEntry> journal) throws InterruptedException {
        switch (mailbox.take()) {
            case OwnerMessage.Stop() -> {
                report(false);
                journal.append(neverWas ? new SandboxEntry.GivenBack() : new SandboxEntry.Undoing());
                if (!neverWas) {
                    pieces.keepRecords(tools.clock().instant());
                }
                Stopping.quietly(pieces, tools.settings().stopGrace());
                pieces.execs().endAll(ExecEndReason.SANDBOX_STOPPED);
            }
            case OwnerMessage.Ended(SandboxEnd end) -> {
                report(false);
                SandboxEnd known = BoxEnds.settled(end, pieces.boxIfTaken());
                pieces.execsIfMade().ifPresent(execs -> execs.endAll(known.execReason()));
                Instant at = tools.clock().instant();
                journal.append(new SandboxEntry.Ended(known.reason().word(), known.detail(), at));
                pieces.keepRecords(at);
                boolean clean = preparation.undo(step -> !step.name().equals(SandboxPieces.RECORDS));
                LOG.info("sandbox={} ended: {} {}", sandbox(), known.reason().word(), known.detail());
                tools.metrics().ended(known.reason());
                reports.publish(new SandboxReport.Ended(sandbox(), generation, known.reason(), known.detail()));
                awaitFarewell(tools.settings().endedRetention());
                if (!clean) {
                    LOG.warn("sandbox={} could not be taken down at its end; trying again", sandbox());
                }
            }
        }
    }

    private void awaitFarewell(Duration retention) throws InterruptedException {
        long until = nanos() + retention.toNanos();
        boolean wanted = false;
        while (!wanted) {
            OwnerMessage message = mailbox.poll(until - nanos(), TimeUnit.NANOSECONDS);
            wanted = message == null || message instanceof OwnerMessage.Stop;
        }
    }

    private void takeDown(Preparation preparation) throws InterruptedException {
        while (!preparation.undo(step -> true)) {
            stopped.completeExceptionally(Problem.of(
                            ProblemCode.INTERNAL,
                            "The sandbox could not be taken down completely.",
                            "Ask again; the host also tries again when it starts.")
                    .asException());
            while (!(mailbox.take() instanceof OwnerMessage.Stop)) {
                // Only a wish to stop starts another attempt.
            }
        }
        open = false;
        forget();
        LOG.info("sandbox={} is gone", sandbox());
        stopped.complete(null);
    }

    /** Nothing is left: the journal is the last thing to go. Once only: right afterwards the id may belong to another owner. */
    private void forget() {
        if (forgotten) {
            return;
        }
        forgotten = true;
        tools.activity().gone(sandbox());
        if ((ran || stopWanted) && !neverWas) {
            tools.fences().raise(sandbox(), generation + 1);
        }
        tools.journals().remove(sandbox().value());
        reports.forget(sandbox());
        away.accept(this);
    }

    private void fail(long start, RuntimeException cause) {
        ProblemException problem = cause instanceof ProblemException known
                ? known
                : new ProblemException(
                        Problem.of(ProblemCode.SANDBOX_START_FAILED, "The sandbox could not be made.", "Try again."),
                        cause);
        if (prepared.completeExceptionally(problem)) {
            tools.metrics().notPrepared(problem.problem().code(), nanos() - start);
        }
    }

    private long nanos() {
        return tools.nanos().getAsLong();
    }

    private void report(boolean running) {
        Optional<Prepared> made = running ? Optional.of(pieces.prepared()) : Optional.empty();
        reports.publish(new SandboxReport.Present(sandbox(), generation, running, made.map(Prepared::image)));
    }
}
