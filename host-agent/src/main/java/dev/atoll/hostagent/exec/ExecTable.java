package dev.atoll.hostagent.exec;

import dev.atoll.hostagent.output.OutputLog;
import dev.atoll.isolation.guest.SpawnRequest;
import dev.atoll.isolation.guest.SpawnRequestException;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.host.HostTimings;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The execs of one sandbox: one id is one process, ever. Everything the guest says comes through {@link ExecEvents}; everything users ask
 * comes here.
 *
 * <p>Thread-safe. No lock is held while the guest is spoken to.
 */
public final class ExecTable {
    private static final Logger LOG = LoggerFactory.getLogger(ExecTable.class);

    private final SandboxId sandbox;
    private final ExecHost host;
    private final ExecEnvironment environment;
    private final Path directory;
    private final GuestHold guest;
    private final ExecRoster roster;
    private final ExecSignals signals;
    private final ExecEvents events;

    private ExecTable(
            SandboxId sandbox,
            ExecHost host,
            ExecEnvironment environment,
            Path directory,
            GuestHold guest,
            ExecRecords records) {
        this.sandbox = sandbox;
        this.host = host;
        this.environment = environment;
        this.directory = directory;
        this.guest = guest;
        this.roster = new ExecRoster(host.limits(), records);
        this.signals = new ExecSignals(sandbox, roster, guest);
        this.events = new ExecEvents(sandbox, roster, host, guest, signals);
    }

    /** The table of a new sandbox; {@code directory} exists and is the table's own. */
    public static ExecTable create(
            SandboxId sandbox, ExecHost host, ExecEnvironment environment, Path directory, GuestHold guest)
            throws IOException {
        return new ExecTable(sandbox, host, environment, directory, guest, ExecRecords.open(directory));
    }

    /**
     * The table that an earlier life left in {@code directory}: what had ended has, and what had not goes on with {@link #reattachment},
     * or ends with {@link #endAll} when the guest is gone.
     */
    public static ExecTable recover(
            SandboxId sandbox, ExecHost host, ExecEnvironment environment, Path directory, GuestHold guest)
            throws IOException {
        ExecRecovery found = ExecRecovery.read(sandbox, host, directory, guest);
        ExecTable table = new ExecTable(sandbox, host, environment, directory, guest, ExecRecords.open(directory));
        table.roster.restore(found.execs(), found.lastNumber());
        for (HostedExec exec : found.execs()) {
            if (!exec.hasEnded()) {
                host.metrics().began();
                exec.spec().timeout().ifPresent(after -> table.schedule(exec, table.left(exec, after)));
            }
        }
        return table;
    }

    /** How the guest and this table come together again after a restart; to be settled once the link is attached with it. */
    public Reattachment reattachment() {
        return new Reattachment(roster, events, guest);
    }

    /** Where the guest's link delivers. */
    public ExecEvents events() {
        return events;
    }

    /**
     * Starts a command and waits until its process runs or could not be started.
     *
     * @throws ProblemException {@code too_many_execs}, {@code idempotency_conflict}, {@code user_not_found} and its like, {@code
     * sandbox_stopped}
     */
    public Exec start(ExecId id, ExecSpec spec) {
        KeptExec exec = startOrFind(id, spec, false);
        return exec instanceof HostedExec hosted ? answered(hosted).view() : exec.view();
    }

    /**
     * An exec as it is after a call, and where the call's time went: empty unless the exec was started and ended in it.
     */
    public record Ran(Exec exec, Optional<HostTimings> timings) {}

    /**
     * Starts a command and waits until it has ended or {@code patience} is over (at once for a detached one), but at any rate until its
     * process runs or could not be started. The thread sleeps once: it is not woken by the start of a process that ends in time.
     *
     * @param began when the call that wants this began, by {@link System#nanoTime}
     * @throws ProblemException as {@link #start}
     */
    public Ran run(ExecId id, ExecSpec spec, Duration patience, long began) throws InterruptedException {
        Duration left = spec.detached() ? Duration.ZERO : patience;
        return switch (startOrFind(id, spec, left.isPositive())) {
            case RestingExec over -> new Ran(over.view(), Optional.empty());
            case HostedExec exec -> {
                Exec view =
                        endsWithin(left, exec) ? exec.view() : answered(exec).view();
                yield new Ran(view, exec.times().since(began));
            }
        };
    }

    /** {@code awaited}: its caller waits for its end. */
    private KeptExec startOrFind(ExecId id, ExecSpec spec, boolean awaited) {
        HostedExec fresh = null;
        KeptExec exec;
        synchronized (roster) {
            exec = roster.find(id).orElse(null);
            if (exec == null) {
                roster.requireRoom();
                int number = roster.nextNumber();
                fresh = new HostedExec(
                        id,
                        sandbox,
                        number,
                        spec,
                        host.now(),
                        host.outputs().create(directory, id.value(), guest.acknowledger(number)));
                exec = fresh;
                roster.add(fresh);
            }
        }
        if (fresh != null) {
            host.metrics().began();
            spawn(fresh, awaited);
            // While the process runs: this may delete files.
            roster.letGoOfOldest();
        } else if (!exec.spec().equals(spec)) {
            throw Problem.of(
                            ProblemCode.IDEMPOTENCY_CONFLICT,
                            "This exec id, or idempotency key, was used for another command in this sandbox.",
                            "Use a new key for a new command.")
                    .asException();
        }
        return exec;
    }

    public Exec get(ExecId id) {
        return find(id).view();
    }

    /** The newest first. */
    public List<Exec> list() {
        return roster.all().stream()
                .sorted(Comparator.comparingInt(KeptExec::number).reversed())
                .map(KeptExec::view)
                .toList();
    }

    /** Waits until it has ended or the time is over. */
    public Exec awaitEnd(ExecId id, Duration patience) throws InterruptedException {
        KeptExec exec = find(id);
        if (exec instanceof HostedExec hosted) {
            endsWithin(patience, hosted);
        }
        return exec.view();
    }

    /** Whether it has ended before the time is over; throws what refused it. */
    private boolean endsWithin(Duration patience, HostedExec exec) throws InterruptedException {
        return ParkedWait.within(host.timers(), patience, exec.ended());
    }

    /** Its output, to be read by offset. */
    public OutputLog output(ExecId id) {
        return find(id).output();
    }

    /** Appends to stdin; see {@link ExecInput}. */
    public ExecInput.Accepted write(ExecId id, long offset, ByteBuffer bytes, boolean close, Duration patience)
            throws InterruptedException {
        KeptExec exec = find(id);
        try {
            return exec.input().write(guest.link(), offset, bytes, close, patience);
        } catch (IOException e) {
            throw guest.lost(e);
        }
    }

    /**
     * Sends a signal.
     *
     * @param signal 1–64
     * @throws ProblemException {@code exec_ended} when nobody is left to get it
     */
    public void signal(ExecId id, int signal, SignalTarget target) throws InterruptedException {
        signals.signal(find(id), signal, target);
    }

    /**
     * Sets the size of its terminal.
     *
     * @throws ProblemException {@code not_a_terminal}, {@code exec_ended}
     */
    public void resize(ExecId id, TerminalSize size) throws InterruptedException {
        signals.resize(find(id), size);
    }

    /** Lets no more start: the sandbox is about to end. */
    public void closeStarts() {
        roster.closeStarts();
        events.sandboxIsStopping();
    }

    /** Whether every exec has ended. */
    public boolean isIdle() {
        return roster.all().stream().allMatch(KeptExec::hasEnded);
    }

    /** How many have not ended. */
    public int running() {
        return roster.running();
    }

    /** Whether one runs that is not left alone. */
    public boolean isBusy() {
        return roster.all().stream()
                .anyMatch(exec -> !exec.hasEnded() && !exec.spec().detached());
    }

    /** Ends all that run, with this reason, and lets no more start: the guest is gone. Twice is harmless. */
    public void endAll(ExecEndReason reason) {
        roster.closeStarts();
        for (HostedExec exec : roster.hosted()) {
            events.end(exec, ExecEnds.of(reason, host.now()));
        }
    }

    /** Nothing is written any more: the guest is gone. All can be read on. Twice is harmless. */
    public void seal() {
        for (HostedExec exec : roster.hosted()) {
            exec.output().rest();
            roster.release(exec);
        }
        roster.close();
    }

    /** Removes all output, and closes the record. Readers get what they have open. Twice is harmless. */
    public void remove() {
        roster.all().forEach(KeptExec::removeOutput);
        roster.close();
    }

    private void spawn(HostedExec exec, boolean awaited) {
        Instant before = host.clock().instant();
        try {
            SpawnRequest request = environment.request(exec.spec());
            roster.write(new ExecRecord.Started(exec.id(), exec.number(), exec.spec(), exec.startedAt()));
            var _ = exec.answer().thenRun(() -> host.spawned(exec, sandbox, before));
            exec.times().sending();
            if (awaited) {
                guest.link().spawnAwaited(exec.number(), request);
            } else {
                guest.link().spawn(exec.number(), request);
            }
            exec.spec().timeout().ifPresent(after -> schedule(exec, after));
        } catch (SpawnRequestException e) {
            events.refuse(exec, SpawnVerdict.of(e));
        } catch (IOException e) {
            events.refuse(exec, guest.lost(e).problem());
        } catch (ProblemException e) {
            events.refuse(exec, e.problem());
        } catch (RuntimeException e) {
            LOG.error("sandbox={} exec={} could not be started", sandbox, exec.id(), e);
            events.refuse(exec, Problem.of(ProblemCode.INTERNAL, "The host could not start the command."));
        }
    }

    private HostedExec answered(HostedExec exec) {
        boolean answered;
        try {
            answered = ParkedWait.within(host.timers(), host.limits().startPatience(), exec.answer());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.SHUTTING_DOWN, "The host is shutting down.")
                    .asException();
        }
        if (!answered) {
            throw Problem.of(
                            ProblemCode.DEADLINE_EXCEEDED,
                            "The sandbox did not start the process in time; it may still do so.",
                            "Ask for the exec, or send the same request again.")
                    .asException();
        }
        return exec;
    }

    private void schedule(HostedExec exec, Duration after) {
        exec.timesOutBy(host.timers()
                .schedule(
                        () -> host.workers().execute(() -> signals.kill(exec, ExecEndReason.TIMEOUT)),
                        after.toNanos(),
                        TimeUnit.NANOSECONDS));
    }

    private Duration left(HostedExec exec, Duration after) {
        Duration left =
                Duration.between(host.clock().instant(), exec.startedAt().plus(after));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private KeptExec find(ExecId id) {
        return roster.find(id)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.EXEC_NOT_FOUND,
                                "The sandbox has no exec " + id + ".",
                                "Of an exec that ended long ago nothing is kept. List the execs there are.")
                        .withNext("GET /v1/sandboxes/" + sandbox + "/execs")
                        .asException());
    }
}
