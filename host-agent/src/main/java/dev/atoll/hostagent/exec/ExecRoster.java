package dev.atoll.hostagent.exec;

import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which execs there are, under their ids and under the guest's numbers, within the limits. Thread-safe. */
final class ExecRoster {
    private final ExecLimits limits;
    private final ExecRecords records;
    private final Map<ExecId, KeptExec> byId = new LinkedHashMap<>();
    private final Map<Integer, HostedExec> byNumber = new HashMap<>();
    private int lastNumber = GuestLink.REHEARSAL;
    private int running;
    private long weight;
    private long endedOutputBytes;
    private boolean startsClosed;
    private boolean closed;

    ExecRoster(ExecLimits limits, ExecRecords records) {
        this.limits = limits;
        this.records = records;
    }

    /** Takes over what an earlier life had, in the order of its numbers; the last of those it gave was {@code last}. */
    synchronized void restore(List<HostedExec> execs, int last) {
        for (HostedExec exec : execs) {
            byId.put(exec.id(), exec);
            byNumber.put(exec.number(), exec);
            weight += exec.weight();
            if (exec.hasEnded()) {
                endedOutputBytes += exec.output().retainedBytes();
            } else {
                running++;
            }
        }
        lastNumber = Math.max(last, GuestLink.REHEARSAL);
        shorten();
    }

    synchronized Optional<KeptExec> find(ExecId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The exec that the guest still follows under a number. */
    synchronized Optional<HostedExec> find(int number) {
        return Optional.ofNullable(byNumber.get(number));
    }

    synchronized List<KeptExec> all() {
        return new ArrayList<>(byId.values());
    }

    synchronized void requireRoom() {
        if (startsClosed) {
            throw Problem.of(ProblemCode.SANDBOX_STOPPED, "The sandbox is ending.", "Create a new one.")
                    .asException();
        }
        if (running >= limits.running()) {
            throw Problem.of(
                            ProblemCode.TOO_MANY_EXECS,
                            "The sandbox runs " + running + " execs, as many as it may.",
                            "Wait until one has ended, or end one.")
                    .asException();
        }
    }

    synchronized int running() {
        return running;
    }

    synchronized int nextNumber() {
        return ++lastNumber;
    }

    synchronized void add(HostedExec exec) {
        byId.put(exec.id(), exec);
        byNumber.put(exec.number(), exec);
        running++;
        weight += exec.weight();
    }

    /** It was never started: its id may be used again. */
    synchronized void forget(HostedExec exec) {
        if (byId.remove(exec.id(), exec)) {
            running--;
            weight -= exec.weight();
        }
        byNumber.remove(exec.number());
        write(new ExecRecord.Forgotten(exec.id()));
    }

    /** Those that have not ended, and those that have of which the guest may still tell something. */
    synchronized List<HostedExec> hosted() {
        List<HostedExec> hosted = new ArrayList<>();
        for (KeptExec exec : byId.values()) {
            if (exec instanceof HostedExec one) {
                hosted.add(one);
            }
        }
        return hosted;
    }

    /** The guest follows it no more: if it has ended, only its record is kept from now on. */
    synchronized void release(HostedExec exec) {
        byNumber.remove(exec.number(), exec);
        if (byId.get(exec.id()) == exec) {
            exec.resting().ifPresent(resting -> {
                byId.put(exec.id(), resting);
                weight += resting.weight() - exec.weight();
            });
        }
    }

    /** The ended execs, oldest first, whose streams are still held open beyond the limit. */
    synchronized List<HostedExec> lingeringTooMany() {
        if (byNumber.size() - running <= limits.lingering()) {
            return List.of();
        }
        List<HostedExec> lingering = byNumber.values().stream()
                .filter(HostedExec::hasEnded)
                .sorted(Comparator.comparingInt(HostedExec::number))
                .toList();
        return lingering.subList(0, Math.max(0, lingering.size() - limits.lingering()));
    }

    /** It has ended with this much output on disk. */
    synchronized void ended(long outputBytes) {
        running--;
        endedOutputBytes += outputBytes;
    }

    /** Lets go of the oldest ended records beyond the limits, and of the output of the oldest ended ones. */
    void letGoOfOldest() {
        for (KeptExec exec : beyondLimits()) {
            discounted(exec.retainedBytes());
            exec.removeOutput();
            write(new ExecRecord.Forgotten(exec.id()));
        }
        for (KeptExec exec : outputBeyondLimit()) {
            discounted(exec.retainedBytes());
            exec.discardOutput();
        }
        synchronized (this) {
            if (!closed && records.isLongFor(byId.size())) {
                shorten();
            }
        }
    }

    private void shorten() {
        List<ExecRecord> all = new ArrayList<>();
        all.add(new ExecRecord.Numbered(lastNumber));
        byId.values().forEach(exec -> all.addAll(exec.records()));
        records.rewrite(all);
    }

    private synchronized void discounted(long outputBytes) {
        endedOutputBytes = Math.max(0, endedOutputBytes - outputBytes);
    }

    private synchronized List<KeptExec> outputBeyondLimit() {
        List<KeptExec> beyond = new ArrayList<>();
        long over = endedOutputBytes - limits.endedOutputBytes();
        for (KeptExec exec : over > 0 ? byId.values() : List.<KeptExec>of()) {
            long bytes = exec.hasEnded() ? exec.retainedBytes() : 0;
            if (over > 0 && bytes > 0) {
                beyond.add(exec);
                over -= bytes;
            }
        }
        return beyond;
    }

    synchronized void closeStarts() {
        startsClosed = true;
    }

    synchronized void write(ExecRecord record) {
        if (!closed) {
            records.append(record);
        }
    }

    synchronized void close() {
        if (!closed) {
            closed = true;
            records.close();
        }
    }

    private synchronized List<KeptExec> beyondLimits() {
        List<KeptExec> beyond = new ArrayList<>();
        if (byId.size() <= limits.kept() && weight <= limits.keptSpecBytes()) {
            return beyond;
        }
        // From the oldest on and no further than needed: in a long life this runs for every exec.
        Iterator<KeptExec> oldestFirst = byId.values().iterator();
        while (oldestFirst.hasNext() && (byId.size() > limits.kept() || weight > limits.keptSpecBytes())) {
            KeptExec exec = oldestFirst.next();
            if (exec.hasEnded() && !byNumber.containsKey(exec.number())) {
                oldestFirst.remove();
                weight -= exec.weight();
                beyond.add(exec);
            }
        }
        return beyond;
    }
}
