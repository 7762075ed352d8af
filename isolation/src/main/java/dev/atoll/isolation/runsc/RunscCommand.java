package dev.atoll.isolation.runsc;

import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds command lines of runsc. Only the flags named here can ever be passed, none of them from a tenant's input, and
 * only those that the detected build knows.
 */
final class RunscCommand {

    /** With so many CPUs there is none that has nothing else to do. */
    private static final int FEW_CPUS = 2;

    private final RunscBinary binary;
    private final RunscSettings settings;
    private final RunscDirectories directories;
    private final int hostCpus;

    RunscCommand(RunscBinary binary, RunscSettings settings, RunscDirectories directories) {
        this(binary, settings, directories, Runtime.getRuntime().availableProcessors());
    }

    RunscCommand(RunscBinary binary, RunscSettings settings, RunscDirectories directories, int hostCpus) {
        this.binary = binary;
        this.settings = settings;
        this.directories = directories;
        this.hostCpus = hostCpus;
    }

    /**
     * {@code runsc create}. Its stdin and stdout are those of PID 1, the two FIFOs, and descriptions of its own, opened for
     * reading and writing: runsc makes them non-blocking, and one opened for both never sees an end of file when the host's
     * side comes and goes.
     */
    List<String> create(BoxSpec spec) {
        BoxId id = spec.id();
        List<String> line = new ArrayList<>(global());
        String bounds = binary.layerBounds().option(spec.limits());
        line.add("--overlay2=root:dir=" + spec.writableDirectory() + (bounds.isEmpty() ? "" : "," + bounds));
        line.add("--log=" + directories.createLog(id));
        addKnown(line, "panic-log", directories.panicLog(id).toString());
        if (spinningTakesWhatItWaitsFor(spec)) {
            addKnown(line, "systrap-disable-fast-path", "true");
        }
        line.addAll(List.of("create", "--bundle=" + directories.box(id), id.value()));
        return line;
    }

    /**
     * On systrap the sentry and the process spin for a while when they wait for each other. Without a CPU to spare the one
     * that spins takes the time of the one that it waits for, so gVisor leaves it on a machine with one; but it never sees
     * less than two, whatever the quota.
     */
    private boolean spinningTakesWhatItWaitsFor(BoxSpec spec) {
        return hostCpus <= FEW_CPUS || spec.limits().cpus() == 1;
    }

    /** A command about an existing box, for builds whose control socket lacks the method. */
    List<String> about(String command, BoxId id, String... arguments) {
        List<String> line = new ArrayList<>(global());
        line.add(command);
        line.add(id.value());
        line.addAll(List.of(arguments));
        return line;
    }

    /** Checkpoints a box that runs on, for builds whose control socket cannot. */
    List<String> checkpoint(BoxId id, Path image) {
        List<String> line = new ArrayList<>(global());
        line.addAll(
                List.of("checkpoint", "--leave-running", "--compression=none", "--image-path=" + image, id.value()));
        return line;
    }

    /** Lets a created box go on from an image, for builds whose control socket cannot. */
    List<String> restore(BoxId id, Path image) {
        List<String> line = new ArrayList<>(global());
        line.addAll(
                List.of("restore", "--detach", "--image-path=" + image, "--bundle=" + directories.box(id), id.value()));
        return line;
    }

    private List<String> global() {
        List<String> line = new ArrayList<>();
        line.add(binary.path().toString());
        line.add("--root=" + directories.state());
        line.add("--platform=" + settings.platform().word());
        line.add("--network=none");
        line.add("--file-access=exclusive");
        line.add("--host-uds=none");
        line.add("--host-fifo=none");
        line.add("--net-raw=false");
        addKnown(line, "cpu-num-from-quota", "true");
        addKnown(line, RunscBinary.UNIFIED_GROUPS_INSIDE, "v2");
        addKnown(line, "allow-suid", "false");
        addKnown(line, "allow-packet-socket-write", "false");
        addKnown(line, "character-device-policy", "emulated-only");
        addKnown(line, "host-settings", "ignore");
        // It refuses what must differ between two boxes: the annotations that name the writable directory. BoxFacts are
        // compared instead.
        addKnown(line, "restore-spec-validation", "warning");
        return line;
    }

    private void addKnown(List<String> line, String flag, String value) {
        if (binary.knows(flag)) {
            line.add("--" + flag + "=" + value);
        }
    }
}
