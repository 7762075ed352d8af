package dev.atoll.isolation.runsc;

import dev.atoll.isolation.cgroup.BoxCgroups;
import dev.atoll.isolation.cgroup.HostCgroups;
import dev.atoll.isolation.linux.Fd;
import dev.atoll.isolation.linux.LinuxProcesses;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.isolation.runtime.BoxHolding;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxImage;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxPriority;
import dev.atoll.isolation.runtime.BoxProcess;
import dev.atoll.isolation.runtime.BoxService;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.BoxUsage;
import dev.atoll.isolation.runtime.RuntimeDescription;
import dev.atoll.isolation.runtime.SandboxRuntime;
import dev.atoll.model.problem.ProblemException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The {@link SandboxRuntime} over one runsc binary and one root directory. */
public final class RunscRuntime implements SandboxRuntime {
    /** How long the end of a box that broke off a call may take to be seen. */
    private static final Duration DEATH_GRACE = Duration.ofSeconds(5);

    private final RunscSettings settings;
    private final RunscBinary binary;
    private final RunscDirectories directories;
    private final RunscCommand commands;
    private final BoxRecords records;
    private final BoxPauses pauses;
    private final BoxCgroups cgroups;
    private final BoxProcesses processes;
    private final BoxBoot boot;
    private final BoxCheckpoints checkpoints;
    private final SharedMount sharedMount;
    private final Poller poller;
    private final ThreadFactory threads;

    private final ConcurrentHashMap<BoxId, Box> boxes = new ConcurrentHashMap<>();

    /** A live or ended box that this process knows; {@code watch} completes when it has ended. */
    private record Box(
            BoxRecords.Booted booted, ExitWatch watch, BoxCalls calls, ImageCalls images, BoxServices services) {}

    private RunscRuntime(
            RunscSettings settings, RunscBinary binary, BoxCgroups cgroups, Poller poller, ThreadFactory threads) {
        this.settings = settings;
        this.binary = binary;
        this.cgroups = cgroups;
        this.poller = poller;
        this.threads = threads;
        this.directories = new RunscDirectories(settings.root());
        this.commands = new RunscCommand(binary, settings, directories);
        this.records = new BoxRecords(directories);
        this.pauses = new BoxPauses(records);
        this.processes = new BoxProcesses(directories, cgroups, poller, settings.destroyTimeout());
        this.boot = new BoxBoot(
                directories, commands, records, cgroups, binary.layerBounds(), poller, settings.createTimeout());
        this.sharedMount = new SharedMount(directories);
        this.checkpoints = new BoxCheckpoints(records, describe());
    }

    /**
     * Opens the runtime: checks the binary, makes the directories, and makes this process the parent of orphaned sentries for good.
     *
     * @param poller not closed by this
     * @param threads makes the threads that watch boxes, one or two per box: virtual threads
     */
    public static RunscRuntime open(RunscSettings settings, Poller poller, ThreadFactory threads) {
        RunscBinary binary = RunscBinary.detect(settings.binary());
        try {
            LinuxProcesses.becomeChildSubreaper();
            BoxCgroups cgroups = HostCgroups.detect(settings.cgroupParent());
            RunscRuntime runtime = new RunscRuntime(settings, binary, cgroups, poller, threads);
            runtime.directories.make();
            return runtime;
        } catch (IOException failed) {
            throw RunscProblems.cannotOpen(failed);
        }
    }

    @Override
    public RuntimeDescription describe() {
        return new RuntimeDescription(
                "runsc", binary.version().text(), settings.platform(), binary.capabilities(), binary.weaknesses());
    }

    @Override
    public void create(BoxSpec spec) {
        BoxId id = spec.id();
        sharedMount.use().lock();
        try {
            Files.createDirectory(directories.box(id));
            boot.boot(spec);
            // As after a restart: so it does not matter who asks for the new box first.
            if (adopt(id).filter(box -> BoxProcesses.isAlive(box.booted())).isEmpty()) {
                throw new IOException("the sentry of box " + id + " died at once");
            }
        } catch (FileAlreadyExistsException taken) {
            throw RunscProblems.existsAlready(id);
        } catch (IOException failed) {
            throw RunscProblems.bootFailed(id, "the runtime could not make it", failed);
        } finally {
            sharedMount.use().unlock();
        }
    }

    private Box box(BoxId id, BoxRecords.Booted booted) {
        ControlSocket socket = new ControlSocket(poller, Path.of(booted.controlSocket()));
        return new Box(
                booted,
                new ExitWatch(id, booted, socket, cgroups, processes, records, poller, threads),
                new BoxCalls(id, socket, commands, settings.callTimeout()),
                new ImageCalls(id, socket, commands, settings.platform(), settings.imageTimeout()),
                new BoxServices(id, socket, poller, threads, settings.callTimeout()));
    }

    @Override
    public void start(BoxId id) {
        Box box = untouched(id);
        try {
            box.calls().setUpLoopback();
            box.calls().start();
            settle(id, box);
        } catch (IOException failed) {
            throw RunscProblems.bootFailed(id, "its limits could not be set", failed);
        }
    }

    @Override
    public BoxImage checkpoint(BoxId id, Path directory) {
        Box box = started(id);
        try {
            return box.services().without(() -> checkpoints.take(id, box.images(), directory));
        } catch (IOException stuck) {
            throw RunscProblems.checkpointFailed(id, stuck);
        } catch (ProblemException failed) {
            if (failed.getCause() instanceof ImageCalls.HungUp && box.watch().endsWithin(DEATH_GRACE)) {
                throw RunscProblems.ended(id);
            }
            throw failed;
        }
    }

    @Override
    public void restore(BoxId id, BoxImage image) {
        Box box = untouched(id);
        checkpoints.requireFit(id, image);
        try {
            records.set(id, BoxRecords.Mark.RESTORING);
            checkpoints.load(id, box.calls(), box.images(), image);
            settle(id, box);
        } catch (IOException failed) {
            throw RunscProblems.restoreFailed(id, failed);
        }
    }

    /** What is left to do when PID 1 runs. */
    private void settle(BoxId id, Box box) throws IOException {
        processes.noteSessions(id);
        box.watch().askForStatus();
        records.set(id, BoxRecords.Mark.STARTED);
        var limits = records.limits(id);
        if (limits.isPresent()) {
            cgroups.settleCpu(id, limits.get());
        }
    }

    @Override
    public BoxService startService(BoxId id, List<String> arguments) {
        return started(id).services().start(arguments);
    }

    @Override
    public void signal(BoxId id, int signo) {
        started(id).calls().signal(signo);
    }

    @Override
    public void pause(BoxId id) {
        pauses.pause(id, started(id).calls());
    }

    @Override
    public void resume(BoxId id) {
        pauses.resume(id, started(id).calls());
    }

    @Override
    public void setPriority(BoxId id, BoxPriority priority) {
        live(id);
        RunscProblems.attempt("set the priority of box " + id, () -> {
            BoxLimits limits = records.limits(id).orElseThrow(() -> new IOException("its limits are not written down"));
            cgroups.setPriority(id, limits, priority);
            return limits;
        });
    }

    @Override
    public long cpuNanos(BoxId id) {
        live(id);
        return RunscProblems.attempt("account for " + id, () -> cgroups.cpuNanos(id));
    }

    @Override
    public BoxHolding holding(BoxId id) {
        live(id);
        return RunscProblems.attempt(
                "account for " + id, () -> new BoxHolding(cgroups.cpuNanos(id), cgroups.memoryBytes(id)));
    }

    @Override
    public long diskBytes(BoxId id) {
        long sentry = started(id).booted().sentry().pid();
        return RunscProblems.attempt("account for " + id, () -> BoxDisk.allocatedBytes(sentry));
    }

    @Override
    public BoxUsage usage(BoxId id) {
        BoxCalls calls = started(id).calls();
        return RunscProblems.attempt("account for " + id, () -> calls.usage(cgroups.cpuNanos(id), diskBytes(id)));
    }

    @Override
    public Optional<BoxProcess> find(BoxId id) {
        return known(id)
                .filter(box -> BoxProcesses.isAlive(box.booted()))
                .map(box -> box.booted().sentry());
    }

    @Override
    public BoxExit awaitExit(BoxId id) throws InterruptedException {
        Optional<Box> box = known(id);
        if (box.isEmpty()) {
            return new BoxExit.Lost("this host does not know the box");
        }
        try {
            return box.get().watch().exit().get();
        } catch (ExecutionException closed) {
            return new BoxExit.Lost("the runtime was closed");
        }
    }

    @Override
    public void destroy(BoxId id) {
        try {
            Optional<Box> box = known(id);
            if (box.isPresent()) {
                end(box.get());
            }
            processes.endAll(
                    id,
                    box.<BoxProcesses.Search>map(known -> new BoxProcesses.Search.Known(
                                    known.booted().others(), !known.booted().ownPidNamespace()))
                            .orElseGet(BoxProcesses.Search.Everywhere::new));
            cgroups.remove(id);
            directories.remove(id);
            boxes.remove(id);
            processes.forgetSessions(id);
            sharedMount.unmountIfLast();
        } catch (IOException failed) {
            throw RunscProblems.files("remove box " + id, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw RunscProblems.files("remove box " + id + " when interrupted", interrupted);
        }
    }

    /**
     * Kills the sentry and leaves the rest to the watch, which collects the processes, reads the control group and
     * writes the exit down: all that must be over before anything is removed.
     */
    private void end(Box box) throws IOException, InterruptedException {
        if (BoxProcesses.isAlive(box.booted())) {
            Optional<Fd> pidFd = LinuxProcesses.openPidFd(box.booted().sentry().pid());
            if (pidFd.isPresent()) {
                try (Fd sentry = pidFd.get()) {
                    LinuxProcesses.signal(sentry, LinuxProcesses.SIGKILL);
                }
            }
        }
        try {
            box.watch().exit().get(settings.destroyTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException closed) {
            // The runtime is being closed; nobody will read the exit.
        } catch (TimeoutException stuck) {
            throw new IOException("the end of the box was not seen in time", stuck);
        }
    }

    @Override
    public Set<BoxId> list() {
        try {
            Set<BoxId> found = new TreeSet<>(directories.list());
            found.addAll(cgroups.list());
            return found;
        } catch (IOException failed) {
            throw RunscProblems.files("list its boxes", failed);
        }
    }

    @Override
    public void close() {
        boxes.clear();
        try {
            cgroups.removeEmptyParent();
        } catch (IOException failed) {
            throw RunscProblems.files("remove its empty control group", failed);
        }
    }

    private Box live(BoxId id) {
        Box box = known(id).orElseThrow(() -> RunscProblems.unknownBox(id));
        if (box.watch().exit().isDone() || !BoxProcesses.isAlive(box.booted())) {
            throw records.isSpoilt(id) ? RunscProblems.spoilt(id) : RunscProblems.ended(id);
        }
        return box;
    }

    private Box started(BoxId id) {
        Box box = live(id);
        if (!records.isSet(id, BoxRecords.Mark.STARTED)) {
            throw records.isSpoilt(id) ? RunscProblems.spoilt(id) : RunscProblems.notStarted(id);
        }
        return box;
    }

    /** A box that was created and nothing else. */
    private Box untouched(BoxId id) {
        Box box = live(id);
        if (records.isSet(id, BoxRecords.Mark.STARTED)) {
            throw RunscProblems.startedAlready(id);
        }
        if (records.isSpoilt(id)) {
            throw RunscProblems.spoilt(id);
        }
        return box;
    }

    private Optional<Box> known(BoxId id) {
        Box box = boxes.get(id);
        if (box != null) {
            return Optional.of(box);
        }
        try {
            return adopt(id);
        } catch (IOException failed) {
            throw RunscProblems.files("read what it knows of box " + id, failed);
        }
    }

    /** Begins to watch a box that has booted, just now or in a previous life of this process. */
    private Optional<Box> adopt(BoxId id) throws IOException {
        Optional<BoxRecords.Booted> booted = records.booted(id);
        if (booted.isEmpty()) {
            return Optional.empty();
        }
        Box fresh = box(id, booted.get());
        Box raced = boxes.putIfAbsent(id, fresh);
        if (raced != null) {
            return Optional.of(raced);
        }
        Optional<Fd> pidFd = BoxProcesses.isAlive(booted.get())
                ? LinuxProcesses.openPidFd(booted.get().sentry().pid())
                : Optional.empty();
        if (pidFd.isPresent()) {
            processes.noteSessions(id);
            if (records.isSet(id, BoxRecords.Mark.STARTED)) {
                fresh.watch().askForStatus();
            }
            fresh.watch().watch(pidFd.get());
        } else {
            var ending = processes.collect(booted.get().sentry());
            BoxExit exit = records.exit(id)
                    .orElse(ExitWatch.judge(
                            ending, Optional.empty(), cgroups.memoryEvents(id), cgroups.taskEvents(id)));
            fresh.watch().exit().complete(exit);
        }
        return Optional.of(fresh);
    }
}
