package dev.atoll.hostagent.sandbox;

import dev.atoll.hostagent.exec.ExecTable;
import dev.atoll.hostagent.journal.JournalEntry;
import dev.atoll.hostagent.journal.SandboxJournal;
import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.isolation.guest.Detachment;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxProcess;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.id.ImageId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.sandbox.SandboxStart;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one that owns a sandbox: a virtual thread that makes it, watches it and takes it down. Everyone else sends it messages through a
 * mailbox
 * or looks at what it has published. Its life is {@link #run}: make, run, end, and away.
 */
final class SandboxOwner {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxOwner.class);

    /** Every sender sends each kind of message once, so this is never full. */
    private static final int MAILBOX = 16;

    /** After a guest has gone in order, its box ends by itself within this time or is ended. */
    private static final Duration EXIT_AFTER_GOODBYE = Duration.ofSeconds(5);

    /** What the owner is told. */
    sealed interface Message {
        record Stop() implements Message {}

        record Ended(SandboxEnd end) implements Message {}
    }

    private final SandboxPlan plan;
    private final HostTools tools;
    private final SandboxReports reports;
    private final Consumer<SandboxOwner> away;
    private final SandboxMaking making;
    private final BoxId box;
    private final BlockingQueue<Message> mailbox = new ArrayBlockingQueue<>(MAILBOX);
    private final CompletableFuture<Prepared> prepared = new CompletableFuture<>();
    private volatile CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile boolean stopWanted;
    private volatile boolean open;
    private boolean ran;
    private boolean forgotten;
    private volatile long generation;

    /** {@code away} hears when nothing is left of the sandbox. */
    SandboxOwner(SandboxPlan plan, HostTools tools, SandboxReports reports, Consumer<SandboxOwner> away) {
        this.plan = plan;
        this.tools = tools;
        this.reports = reports;
        this.away = away;
        this.generation = plan.generation();
        this.box = BoxId.random(tools.random());
        this.making = new SandboxMaking(plan, box, tools);
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

    /** Completes when commands can be run, fails with the problem that kept it from being made. */
    CompletableFuture<Prepared> prepared() {
        return prepared;
    }

    /** The execs, while the sandbox runs and for a while after it has ended by itself. */
    Optional<ExecTable> execs() {
        return open ? making.execsIfMade() : Optional.empty();
    }

    /** Asks for the end. Completes when nothing is left, fails when something cannot be taken away now; then it may be asked again. */
    synchronized CompletableFuture<Void> stop() {
        if (stopped.isCompletedExceptionally()) {
            stopped = new CompletableFuture<>();
            stopWanted = false;
        }
        if (!stopWanted) {
            stopWanted = true;
            making.cancel();
            mailbox.add(new Message.Stop());
        }
        return stopped;
    }

    /** The sandbox's whole life. */
    void run() {
        long start = nanos();
        try (SandboxJournal journal = tools.journal().open(sandbox())) {
            Preparation preparation = new Preparation(sandbox(), journal, tools.metrics(), tools.nanos());
            if (prepare(preparation, journal, start)) {
                live(preparation, journal);
            }
            takeDown(preparation);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("sandbox={} box={} its owner fails", sandbox(), box, e);
            fail(start, e);
            away.accept(this);
            stopped.completeExceptionally(e);
        }
    }

    private boolean prepare(Preparation preparation, SandboxJournal journal, long start) {
        report(false);
        try {
            journal.append(new JournalEntry.Begun(
                    plan, box, tools.hostBoot(), tools.clock().instant()));
            preparation.make(making.steps(), () -> stopWanted);
            BoxProcess process = tools.runtime()
                    .find(box)
                    .orElseThrow(() -> Problem.of(
                                    ProblemCode.SANDBOX_START_FAILED, "The sandbox ended right after its start.")
                            .asException());
            journal.append(new JournalEntry.Running(making.image(), process));
        } catch (RuntimeException e) {
            making.execsIfMade().ifPresent(execs -> execs.endAll(ExecEndReason.SANDBOX_STOPPED));
            boolean clean = preparation.undo(step -> true);
            logFailure(e, clean);
            if (clean) {
                // Whoever hears of the failure may send the next command at once: by then nothing is left.
                forget();
            }
            fail(start, e);
            return false;
        }
        ran = true;
        open = true;
        report(true);
        tools.metrics().prepared("ok", nanos() - start);
        LOG.info(
                "sandbox={} box={} image={} runs after {} ms",
                sandbox(),
                box,
                making.image(),
                (nanos() - start) / 1_000_000);
        listen();
        prepared.complete(new Prepared(making.image(), SandboxStart.POOL_OFF));
        return true;
    }

    private void listen() {
        var _ = making.exit().thenAccept(how -> mailbox.offer(new Message.Ended(SandboxEnd.of(how))));
        var _ = making.execs()
                .events()
                .detached()
                .thenAccept(why -> tools.threads().execute(() -> detached(why)));
    }

    /** A guest that has left in order is followed by its box; any other detachment leaves a box that nobody can use. */
    private void detached(Detachment why) {
        if (stopWanted || making.exit().isDone()) {
            return;
        }
        if (why instanceof Detachment.ShutDown) {
            try {
                making.exit().get(EXIT_AFTER_GOODBYE.toNanos(), TimeUnit.NANOSECONDS);
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (ExecutionException | TimeoutException e) {
                LOG.warn("sandbox={} box={} outlives its guest", sandbox(), box);
            }
        }
        mailbox.offer(new Message.Ended(SandboxEnd.of(why)));
    }

    private void live(Preparation preparation, SandboxJournal journal) throws InterruptedException {
        switch (mailbox.take()) {
            case Message.Stop() -> {
                report(false);
                journal.append(new JournalEntry.Undoing());
                Stopping.quietly(making, tools.settings().stopGrace());
                making.execs().endAll(ExecEndReason.SANDBOX_STOPPED);
            }
            case Message.Ended(SandboxEnd end) -> {
                report(false);
                SandboxEnd known = settle(end);
                making.execs().endAll(known.execReason());
                journal.append(new JournalEntry.Ended(
                        known.reason().word(), known.detail(), tools.clock().instant()));
                boolean clean = preparation.undo(step -> !step.name().equals(SandboxMaking.RECORDS));
                LOG.info(
                        "sandbox={} box={} ended: {} {}",
                        sandbox(),
                        box,
                        known.reason().word(),
                        known.detail());
                tools.metrics().ended(known.reason());
                reports.publish(new SandboxReport.Ended(sandbox(), generation, known.reason(), known.detail()));
                awaitFarewell(clean);
            }
        }
    }

    /** The reason why a box ended may come a moment after the broken link that it caused. */
    private SandboxEnd settle(SandboxEnd end) throws InterruptedException {
        if (!end.guessed()) {
            return end;
        }
        try {
            return SandboxEnd.of(making.exit().get(1, TimeUnit.SECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return end;
        }
    }

    private void awaitFarewell(boolean clean) throws InterruptedException {
        long until = nanos() + tools.settings().endedRetention().toNanos();
        boolean wanted = false;
        while (!wanted) {
            Message message = mailbox.poll(until - nanos(), TimeUnit.NANOSECONDS);
            wanted = message == null || message instanceof Message.Stop;
        }
        if (!clean) {
            LOG.warn("sandbox={} box={} could not be taken down at its end; trying again", sandbox(), box);
        }
    }

    private void takeDown(Preparation preparation) throws InterruptedException {
        while (!preparation.undo(step -> true)) {
            stopped.completeExceptionally(Problem.of(
                            ProblemCode.INTERNAL,
                            "The sandbox could not be taken down completely.",
                            "Ask again; the host also tries again when it starts.")
                    .asException());
            while (!(mailbox.take() instanceof Message.Stop)) {
                // Only a wish to stop starts another attempt.
            }
        }
        open = false;
        forget();
        LOG.info("sandbox={} box={} is gone", sandbox(), box);
        stopped.complete(null);
    }

    /** Nothing is left: the journal is the last thing to go. Once only: right afterwards the id may belong to another owner. */
    private void forget() {
        if (forgotten) {
            return;
        }
        forgotten = true;
        if (ran || stopWanted) {
            tools.fences().raise(sandbox(), generation + 1);
        }
        tools.journal().remove(sandbox());
        reports.forget(sandbox());
        away.accept(this);
    }

    private void logFailure(RuntimeException cause, boolean clean) {
        String rest = clean ? "" : ", and not all of it is undone";
        if (cause instanceof ProblemException problem) {
            LOG.warn("sandbox={} box={} is not made{}: {}", sandbox(), box, rest, problem.problem());
        } else {
            LOG.error("sandbox={} box={} is not made{}", sandbox(), box, rest, cause);
        }
    }

    private void fail(long start, RuntimeException cause) {
        ProblemException problem = cause instanceof ProblemException known
                ? known
                : new ProblemException(
                        Problem.of(ProblemCode.SANDBOX_START_FAILED, "The sandbox could not be made.", "Try again."),
                        cause);
        if (prepared.completeExceptionally(problem)) {
            tools.metrics().prepared(problem.problem().code().code(), nanos() - start);
        }
    }

    private long nanos() {
        return tools.nanos().getAsLong();
    }

    private void report(boolean running) {
        Optional<ImageId> image = running ? Optional.of(making.image()) : Optional.empty();
        reports.publish(new SandboxReport.Present(sandbox(), generation, running, image));
    }
}
