package dev.atoll.manager.context;

import dev.atoll.manager.host.HostExecs;
import dev.atoll.model.context.ContextRun;
import dev.atoll.model.context.RunOutcome;
import dev.atoll.model.id.ContextRunId;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What has come of runs, read from the output of their kernels. What was read is remembered for some of them; for others it is read
 * again. Thread-safe.
 */
final class RunReading {
    /** Runs whose outcome is remembered; most hold nothing to speak of. */
    private static final int MOST_REMEMBERED = 64;

    /** Bytes that they hold together, as one may hold some 17 MB of a stranger's results. The one that was looked at last may be larger. */
    private static final long MOST_BYTES = 48L << 20;

    private final ContextStore store;
    private final Set<ContextRunId> delivering = ConcurrentHashMap.newKeySet();

    /** The one looked at longest ago goes first. Guarded by itself. */
    private final Map<ContextRunId, RunProgress> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ContextRunId, RunProgress> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    RunReading(ContextStore store) {
        this.store = store;
    }

    /** The run's code is being sent by this process until {@link #delivered}. */
    void delivering(ContextRunId run) {
        delivering.add(run);
    }

    void delivered(ContextRunId run) {
        delivering.remove(run);
    }

    /** What has come of a run when it has ended, or when {@code wait} is over. */
    RunOutcome advance(HostExecs execs, ContextRun run, Duration wait) {
        RunProgress progress;
        synchronized (remembered) {
            progress = remembered.computeIfAbsent(run.id(), _ -> new RunProgress(run));
        }
        RunOutcome outcome =
                progress.advance(execs, wait, () -> delivering.contains(run.id()), () -> hasAnotherKernel(run));
        forgetLarge();
        return outcome;
    }

    private void forgetLarge() {
        synchronized (remembered) {
            long bytes =
                    remembered.values().stream().mapToLong(RunProgress::bytes).sum();
            Iterator<RunProgress> oldest = remembered.values().iterator();
            while (bytes > MOST_BYTES && remembered.size() > 1) {
                bytes -= oldest.next().bytes();
                oldest.remove();
            }
        }
    }

    /** How many outcomes are remembered. */
    int remembered() {
        synchronized (remembered) {
            return remembered.size();
        }
    }

    private boolean hasAnotherKernel(ContextRun run) {
        return store.find(run.context())
                .filter(context -> context.kernel().equals(run.kernel()))
                .isEmpty();
    }
}
