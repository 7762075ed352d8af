package dev.atoll.isolation.runsc;

import dev.atoll.isolation.cgroup.BoxCgroups;
import dev.atoll.isolation.linux.ProcessTable;
import dev.atoll.isolation.oci.BoxOciSpec;
import dev.atoll.isolation.oci.LayerBounds;
import dev.atoll.isolation.oci.OciSpecJson;
import dev.atoll.isolation.oci.SpecFingerprint;
import dev.atoll.isolation.runtime.BoxFacts;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxProcess;
import dev.atoll.isolation.runtime.BoxSpec;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Boots a box: bundle, control groups, {@code runsc create}, and a record of what came of it. */
final class BoxBoot {

    private static final Logger LOG = LoggerFactory.getLogger(BoxBoot.class);
    private static final int MAX_LOG_BYTES = 8 * 1024;

    private final RunscDirectories directories;
    private final RunscCommand commands;
    private final BoxRecords records;
    private final BoxCgroups cgroups;
    private final LayerBounds bounds;
    private final Duration timeout;

    BoxBoot(
            RunscDirectories directories,
            RunscCommand commands,
            BoxRecords records,
            BoxCgroups cgroups,
            LayerBounds bounds,
            Duration timeout) {
        this.directories = directories;
        this.commands = commands;
        this.records = records;
        this.cgroups = cgroups;
        this.bounds = bounds;
        this.timeout = timeout;
    }

    /** Boots the box, whose directory exists; on failure what was made stays for {@code destroy}. */
    void boot(BoxSpec spec) throws IOException {
        BoxId id = spec.id();
        records.saveLimits(id, spec.limits());
        var oci = BoxOciSpec.of(spec, directories.empty(), cgroups.pathOf(id), bounds);
        Files.write(directories.box(id).resolve("config.json"), OciSpecJson.write(oci));
        // Now, because the files at these paths may be others when a checkpoint is taken.
        records.saveFacts(id, BoxFacts.of(spec, SpecFingerprint.of(oci)));
        cgroups.create(id, spec.limits(), spec.priority());
        create(spec);
        BoxRecords.RunscPids pids =
                records.runscPids(id).orElseThrow(() -> new IOException("runsc create left no state of box " + id));
        BoxProcess sentry =
                process(pids.sandbox()).orElseThrow(() -> new IOException("the sentry of box " + id + " died at once"));
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

    private void create(BoxSpec spec) throws IOException {
        Path errors = directories.box(spec.id()).resolve("launcher.log");
        List<String> command = commands.create(spec);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().putAll(CommandRun.ENVIRONMENT);
        Process process = builder.start();
        try {
            CommandRun.awaitExit(process, timeout, command);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            String why = beginning(errors) + beginning(directories.createLog(spec.id()));
            LOG.warn("runsc create of {} failed with status {}: {}", spec.id(), process.exitValue(), why.strip());
            throw new IOException("runsc create failed with status " + process.exitValue());
        }
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
