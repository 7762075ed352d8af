package dev.atoll.isolation.runsc;

import dev.atoll.isolation.cgroup.BoxCgroups;
import dev.atoll.isolation.linux.ChildProcess;
import dev.atoll.isolation.linux.LinuxProcesses.Ending;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.linux.ProcessTable;
import dev.atoll.isolation.oci.BoxOciSpec;
import dev.atoll.isolation.oci.LayerBounds;
import dev.atoll.isolation.oci.OciSpecJson;
import dev.atoll.isolation.oci.SpecFingerprint;
import dev.atoll.isolation.runtime.BoxFacts;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxProcess;
import dev.atoll.isolation.runtime.BoxSpec;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Boots a box: bundle, control groups, {@code runsc create}, and a record of what came of it. */
final class BoxBoot {

    private static final Logger LOG = LoggerFactory.getLogger(BoxBoot.class);
    private static final int MAX_LOG_BYTES = 8 * 1024;

    /** PID 1 inherits the stderr of runsc: a file there could be filled from inside. */
    private static final Path NOWHERE = Path.of("/dev/null");

    /** Shorter than a grace period of the kernel, see {@link BoxCgroups#hastenJoining}; 8 ms do as well. */
    private static final Duration BETWEEN_JOINS = Duration.ofMillis(4);

    private final RunscDirectories directories;
    private final RunscCommand commands;
    private final BoxRecords records;
    private final BoxCgroups cgroups;
    private final LayerBounds bounds;
    private final Poller poller;
    private final Duration timeout;

    BoxBoot(
            RunscDirectories directories,
            RunscCommand commands,
            BoxRecords records,
            BoxCgroups cgroups,
            LayerBounds bounds,
            Poller poller,
            Duration timeout) {
        this.directories = directories;
        this.commands = commands;
        this.records = records;
        this.cgroups = cgroups;
        this.bounds = bounds;
        this.poller = poller;
        this.timeout = timeout;
    }

    /** Boots the box, whose directory exists; on failure what was made stays for {@code destroy}. */
    void boot(BoxSpec spec) throws IOException {
        BoxId id = spec.id();
        var oci = BoxOciSpec.of(spec, directories.empty(), cgroups.pathOf(id), bounds);
        Files.write(directories.box(id).resolve("config.json"), OciSpecJson.write(oci));
        cgroups.create(id, spec.limits(), spec.priority());
        create(spec, () -> {
            records.saveLimits(id, spec.limits());
            // Now, because the files at these paths may be others when a checkpoint is taken.
            records.saveFacts(id, BoxFacts.of(spec, SpecFingerprint.of(oci)));
        });
        BoxRecords.RunscPids pids =
                records.runscPids(id).orElseThrow(() -> new IOException("runsc create left no state of box " + id));
        BoxProcess sentry =
                process(pids.sandbox()).orElseThrow(() -> new IOException("the sentry of box " + id + " died at once"));
        RuntimeMonitor.slowDown(sentry.pid());
        String socket =
                pids.controlSocket().isEmpty() ? directories.controlSocket(id).toString() : pids.controlSocket();
        var booted = new BoxRecords.Booted(
                sentry,
                process(pids.gofer()).stream().toList(),
                ProcessTable.bootId(),
                ProcessTable.leadsPidNamespace(sentry.pid()),
                socket);
        records.saveBooted(id, booted);
        cgroups.settleMemory(id, spec.limits());
    }

    private static Optional<BoxProcess> process(long pid) {
        return ProcessTable.entry(pid).map(entry -> new BoxProcess(entry.pid(), entry.startTicks()));
    }

    /** What there is to do while runsc works. */
    private interface Meanwhile {
        void run() throws IOException;
    }

    private void create(BoxSpec spec, Meanwhile meanwhile) throws IOException {
        Ending ending;
        try (ChildProcess runsc = ChildProcess.start(
                poller, commands.create(spec), CommandRun.ENVIRONMENT, spec.stdin(), spec.stdout(), NOWHERE)) {
            ending = awaitEnd(spec.id(), runsc, meanwhile);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for runsc create");
        }
        if (!ending.equals(new Ending.Exited(0))) {
            LOG.warn(
                    "runsc create of {} failed, {}: {}",
                    spec.id(),
                    ending,
                    beginning(directories.createLog(spec.id())).strip());
            throw new IOException("runsc create failed: " + ending);
        }
    }

    private Ending awaitEnd(BoxId id, ChildProcess runsc, Meanwhile meanwhile)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean joining = cgroups.hastenJoining(id, runsc.pid());
        meanwhile.run();
        Optional<Ending> ending = Optional.empty();
        while (ending.isEmpty()) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.isNegative()) {
                throw new IOException("runsc create did not end within " + timeout);
            }
            joining = joining && cgroups.hastenJoining(id, runsc.pid());
            ending = runsc.await(joining && left.compareTo(BETWEEN_JOINS) > 0 ? BETWEEN_JOINS : left);
        }
        return ending.get();
    }

    private static String beginning(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_LOG_BYTES), StandardCharsets.UTF_8);
        }
    }
}
