package dev.atoll.isolation.runsc;

import dev.atoll.isolation.cgroup.BoxCgroups;
import dev.atoll.isolation.linux.Fd;
import dev.atoll.isolation.linux.LinuxProcesses;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.linux.ProcessTable;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the processes of a box on the host and ends them, by pidfd, so that no stranger with a reused pid is hit. */
final class BoxProcesses {

    /** A process may start another while it dies; each round sees only what the last one left. */
    private static final int MAX_ROUNDS = 8;

    /** runsc starts all its parts through {@code /proc/self/exe}. */
    private static final String NAME_OF_REEXECUTED = "exe";

    private final ConcurrentHashMap<BoxId, Set<Long>> sessions = new ConcurrentHashMap<>();
    private final RunscDirectories directories;
    private final BoxCgroups cgroups;
    private final Poller poller;
    private final Duration timeout;

    BoxProcesses(RunscDirectories directories, BoxCgroups cgroups, Poller poller, Duration timeout) {
        this.directories = directories;
        this.cgroups = cgroups;
        this.poller = poller;
        this.timeout = timeout;
    }

    /** How thoroughly to look. */
    sealed interface Search {
        /**
         * The box's control group and the processes that were written down when it had booted.
         *
         * @param orphans whether the sentry has no pid namespace of its own: what it has started becomes our child then
         */
        record Known(Collection<BoxProcess> processes, boolean orphans) implements Search {}

        /**
         * All processes of the host: for a box whose boot was not seen to its end, because runsc may have forked before
         * it joined a control group or wrote anything down.
         */
        record Everywhere() implements Search {}
    }

    /**
     * Remembers the sessions of the box's processes: runsc begins new ones, and they tell the orphans of a box from all
     * other children of this JVM.
     */
    void noteSessions(BoxId id) throws IOException {
        long ours = session(ProcessHandle.current().pid()).orElseThrow();
        Set<Long> found = new TreeSet<>(sessions.getOrDefault(id, Set.of()));
        for (long pid : cgroups.processes(id)) {
            session(pid).filter(session -> session != ours).ifPresent(found::add);
        }
        sessions.put(id, Set.copyOf(found));
    }

    void forgetSessions(BoxId id) {
        sessions.remove(id);
    }

    private static Optional<Long> session(long pid) {
        return ProcessTable.entry(pid).map(ProcessTable.Entry::session);
    }

    /** How a process ended, if it has, and if it was ours to collect: most that an earlier life left have another parent. */
    Optional<LinuxProcesses.Ending> collect(BoxProcess process) throws IOException {
        boolean ours = ProcessTable.entry(process.pid())
                .filter(entry -> entry.startTicks() == process.startTicks())
                .filter(entry -> entry.dead() && isOurChild(entry))
                .isPresent();
        return ours ? LinuxProcesses.reap(process.pid()) : Optional.empty();
    }

    /** Kills every process of the box, waits for their end and collects those that are our children. */
    void endAll(BoxId id, Search search) throws IOException, InterruptedException {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Set<Long> pids = new TreeSet<>(cgroups.processes(id));
            pids.addAll(
                    switch (search) {
                        case Search.Known(var processes, boolean orphans) -> stillThere(id, processes, orphans);
                        case Search.Everywhere everywhere -> anywhere(id);
                    });
            pids.remove(ProcessHandle.current().pid());
            if (pids.isEmpty()) {
                return;
            }
            end(pids);
        }
        throw new IOException("box " + id + " starts processes faster than they can be ended");
    }

    private void end(Set<Long> pids) throws IOException, InterruptedException {
        Map<Long, Fd> open = new HashMap<>();
        try {
            for (long pid : pids) {
                Optional<Fd> pidFd = LinuxProcesses.openPidFd(pid);
                if (pidFd.isPresent()) {
                    open.put(pid, pidFd.get());
                    LinuxProcesses.signal(pidFd.get(), LinuxProcesses.SIGKILL);
                }
            }
            for (Map.Entry<Long, Fd> entry : open.entrySet()) {
                if (!poller.await(entry.getValue(), Poller.Interest.READABLE, timeout)) {
                    throw new IOException("process " + entry.getKey() + " did not end within " + timeout);
                }
                LinuxProcesses.reap(entry.getKey());
            }
        } finally {
            open.values().forEach(Fd::close);
        }
    }

    private Set<Long> stillThere(BoxId id, Collection<BoxProcess> processes, boolean orphans) throws IOException {
        Set<Long> found = new TreeSet<>();
        for (BoxProcess process : processes) {
            ProcessTable.entry(process.pid())
                    .filter(entry -> entry.startTicks() == process.startTicks())
                    .filter(entry -> !entry.dead() || isOurChild(entry))
                    .ifPresent(entry -> found.add(entry.pid()));
        }
        Set<Long> ofTheBox = sessions.getOrDefault(id, Set.of());
        if (orphans && !ofTheBox.isEmpty()) {
            for (long pid : ProcessTable.pids()) {
                ProcessTable.entry(pid)
                        .filter(entry -> ofTheBox.contains(entry.session()) && isOurChild(entry))
                        .ifPresent(entry -> found.add(entry.pid()));
            }
        }
        return found;
    }

    /** A zombie is for its parent to collect: whether one stays is not ours to decide unless we are that. */
    private static boolean isOurChild(ProcessTable.Entry entry) {
        return entry.parent() == ProcessHandle.current().pid();
    }

    private Set<Long> anywhere(BoxId id) throws IOException {
        Set<Long> found = new TreeSet<>();
        for (long pid : ProcessTable.pids()) {
            if (isOf(id, ProcessTable.commandLine(pid))
                    || ProcessTable.entry(pid).filter(this::isOrphanOfNoBox).isPresent()) {
                found.add(pid);
            }
        }
        return found;
    }

    /**
     * A zombie that runsc left to us and that belongs to no box we know: what remains of a boot that failed. Children of
     * other code of this JVM have another name or our session.
     */
    private boolean isOrphanOfNoBox(ProcessTable.Entry entry) {
        return entry.dead()
                && isOurChild(entry)
                && entry.name().equals(NAME_OF_REEXECUTED)
                && session(ProcessHandle.current().pid()).stream().noneMatch(ours -> ours == entry.session())
                && sessions.values().stream().noneMatch(known -> known.contains(entry.session()));
    }

    /** Whether a command line is runsc's for this box: it names our state directory and the box. */
    private boolean isOf(BoxId id, List<String> arguments) {
        return arguments.contains("--root=" + directories.state()) && arguments.contains(id.value())
                || arguments.contains("--bundle=" + directories.box(id));
    }

    /** Whether the sentry of a box is the process that it was when it booted, and lives. */
    static boolean isAlive(BoxRecords.Booted booted) {
        try {
            return booted.bootId().equals(ProcessTable.bootId())
                    && ProcessTable.entry(booted.sentry().pid())
                            .filter(entry -> !entry.dead())
                            .filter(entry ->
                                    entry.startTicks() == booted.sentry().startTicks())
                            .isPresent();
        } catch (IOException noProc) {
            throw RunscProblems.files("read /proc", noProc);
        }
    }
}
