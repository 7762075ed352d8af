package dev.atoll.bench.host;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Starts processes, and adopts and collects what they leave behind. runsc waits until its sandbox is gone from the process table, so
 * who collects it decides how long a delete takes: here at once, as the platform does with its own, and not whenever PID 1 finds time.
 *
 * <p>Every process of this JVM has to be started by it: a stranger's child that it collects loses its exit status. Safe for threads.
 */
public final class ChildReaper {
    private final Map<Long, Process> own = new HashMap<>();
    private long starts;
    private int starting;

    private ChildReaper() {}

    /** Makes this process the parent of all orphans below it, and collects them from now on. Once per JVM. */
    public static ChildReaper start(ThreadFactory threads) {
        NativeChildren.adoptOrphans();
        ChildReaper reaper = new ChildReaper();
        threads.newThread(reaper::reap).start();
        return reaper;
    }

    /** Starts a process, whose exit status Java then gets. */
    public Process start(ProcessBuilder builder) throws IOException {
        synchronized (this) {
            starting++;
        }
        try {
            Process process = builder.start();
            synchronized (this) {
                own.put(process.pid(), process);
                starts++;
            }
            return process;
        } finally {
            synchronized (this) {
                starting--;
                notifyAll();
            }
        }
    }

    private void reap() {
        try {
            while (true) {
                long before = starts();
                long pid = NativeChildren.awaitEnded();
                if (pid == 0) {
                    awaitStart(before);
                } else {
                    take(pid);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized long starts() {
        return starts;
    }

    /** Without any child there can be no orphan either, until the next process is started. */
    private synchronized void awaitStart(long before) throws InterruptedException {
        while (starts == before) {
            wait();
        }
    }

    private void take(long pid) throws InterruptedException {
        Process ours = ours(pid);
        if (ours == null) {
            NativeChildren.collect(pid);
        } else {
            // Java collects it itself; until then it would be found again and again.
            ours.waitFor();
        }
    }

    /** The process of this number if we started it. One that ends at once may be found before its start has returned. */
    private synchronized @Nullable Process ours(long pid) throws InterruptedException {
        while (!own.containsKey(pid) && starting > 0) {
            wait();
        }
        return own.remove(pid);
    }
}
