package dev.atoll.hostagent.exec;

import dev.atoll.hostagent.output.OutputLog;
import dev.atoll.isolation.guest.ExitReport;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEnd;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.SandboxId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * An exec that goes on or that the guest still follows: what was asked for, its output, its input, and how far it has come. Thread-safe.
 */
final class HostedExec implements KeptExec {
    private final ExecId id;
    private final SandboxId sandbox;
    private final int number;
    private final ExecSpec spec;
    private final Instant startedAt;
    private final OutputLog output;
    private final ExecInput input;
    private final ExecTimes times = new ExecTimes();
    private final long weight;
    private final CompletableFuture<SpawnAnswer> answer = new CompletableFuture<>();
    private final CompletableFuture<ExecEnd> ended = new CompletableFuture<>();

    private @Nullable ExitReport report;
    private boolean stdoutClosed;
    private boolean stderrClosed;
    private Optional<ExecEndReason> doom = Optional.empty();
    private boolean exceeded;
    private boolean claimed;
    private @Nullable Future<?> timeout;

    /** What became of the attempt to start it. */
    enum SpawnAnswer {
        STARTED,
        ENDED_AT_ONCE
    }

    HostedExec(ExecId id, SandboxId sandbox, int number, ExecSpec spec, Instant startedAt, OutputLog output) {
        this.id = id;
        this.sandbox = sandbox;
        this.number = number;
        this.spec = spec;
        this.startedAt = startedAt;
        this.output = output;
        this.weight = weightOf(spec);
        this.input = new ExecInput(number, spec.stdin());
    }

    /** One of an earlier life, which was about to be killed for {@code doom}. */
    static HostedExec restored(
            ExecId id, SandboxId sandbox, ExecRecord.Started started, OutputLog output, Optional<ExecEndReason> doom) {
        HostedExec exec = new HostedExec(id, sandbox, started.number(), started.spec(), started.at(), output);
        exec.doom = doom;
        return exec;
    }

    /** It ended in an earlier life. */
    synchronized void restoreEnd(ExecEnd end) {
        claimed = true;
        output.end();
        input.abandon();
        ended.complete(end);
        answer.complete(SpawnAnswer.ENDED_AT_ONCE);
    }

    /** What is kept of it once it has ended and the guest has forgotten it; empty when that is not so yet, or its output is not whole. */
    Optional<RestingExec> resting() {
        if (!hasEnded() || ended.isCompletedExceptionally()) {
            return Optional.empty();
        }
        return output.finish().map(log -> RestingExec.of(view(), number, log));
    }

    @Override
    public List<ExecRecord> records() {
        List<ExecRecord> records = new ArrayList<>();
        records.add(new ExecRecord.Started(id, number, spec, startedAt));
        doom().ifPresent(reason -> records.add(new ExecRecord.Doomed(id, reason)));
        if (hasEnded() && !ended.isCompletedExceptionally()) {
            records.add(endRecord(ended.join()));
        }
        return records;
    }

    ExecRecord.Ended endRecord(ExecEnd end) {
        return new ExecRecord.Ended(id, end, output.end(StdStream.STDOUT), output.end(StdStream.STDERR));
    }

    @Override
    public ExecId id() {
        return id;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public ExecSpec spec() {
        return spec;
    }

    Instant startedAt() {
        return startedAt;
    }

    @Override
    public OutputLog output() {
        return output;
    }

    @Override
    public ExecInput input() {
        return input;
    }

    ExecTimes times() {
        return times;
    }

    /** Completes when the process runs or has ended, fails with a problem when it was refused. */
    CompletableFuture<SpawnAnswer> answer() {
        return answer;
    }

    CompletableFuture<ExecEnd> ended() {
        return ended;
    }

    @Override
    public boolean hasEnded() {
        return ended.isDone();
    }

    synchronized void reported(ExitReport exit) {
        times.ended(exit.lasted());
        report = exit;
    }

    synchronized void streamClosed(StdStream stream) {
        switch (stream) {
            case STDOUT -> stdoutClosed = true;
            case STDERR -> stderrClosed = true;
        }
    }

    @Override
    public synchronized boolean isSilent() {
        return stdoutClosed && stderrClosed;
    }

    /** The exit once everything the process itself wrote has arrived. */
    synchronized Optional<ExitReport> settledExit() {
        ExitReport exit = report;
        if (exit == null) {
            return Optional.empty();
        }
        boolean stdout = stdoutClosed || output.end(StdStream.STDOUT) >= exit.stdoutSettled();
        boolean stderr = stderrClosed || output.end(StdStream.STDERR) >= exit.stderrSettled();
        return stdout && stderr ? Optional.of(exit) : Optional.empty();
    }

    /** True for the one caller who may write its end down. */
    synchronized boolean claimEnd() {
        boolean first = !claimed;
        claimed = true;
        return first;
    }

    synchronized void timesOutBy(Future<?> task) {
        timeout = task;
        if (claimed) {
            task.cancel(false);
        }
    }

    /** It is to be killed for this reason, unless there is another already; false when it has ended. */
    synchronized boolean doom(ExecEndReason reason) {
        if (!claimed && doom.isEmpty()) {
            doom = Optional.of(reason);
        }
        return !claimed;
    }

    synchronized Optional<ExecEndReason> doom() {
        return doom;
    }

    /** True once: when it has written more than it may. */
    synchronized boolean exceedsOutput() {
        if (exceeded || spec.limits().outputBytes().isEmpty()) {
            return false;
        }
        exceeded = output.state().totalBytes() > spec.limits().outputBytes().getAsLong();
        if (exceeded && !claimed && doom.isEmpty()) {
            doom = Optional.of(ExecEndReason.OUTPUT_LIMIT);
        }
        return exceeded;
    }

    synchronized void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    @Override
    public long retainedBytes() {
        return output.retainedBytes();
    }

    @Override
    public void discardOutput() {
        output.discard();
    }

    @Override
    public void removeOutput() {
        output.remove();
    }

    @Override
    public long weight() {
        return weight;
    }

    private static long weightOf(ExecSpec spec) {
        long sum = 256;
        for (String argument : spec.argv()) {
            sum += argument.length() + 48L;
        }
        for (Map.Entry<String, String> entry : spec.env().entrySet()) {
            sum += entry.getKey().length() + entry.getValue().length() + 96L;
        }
        return sum;
    }

    @Override
    public Exec view() {
        ExecInput.Accepted in = input.state();
        Optional<ExecEnd> end =
                ended.isDone() && !ended.isCompletedExceptionally() ? Optional.of(ended.join()) : Optional.empty();
        return new Exec(id, sandbox, spec, startedAt, end, output.state(), in.nextOffset(), in.closed());
    }
}
