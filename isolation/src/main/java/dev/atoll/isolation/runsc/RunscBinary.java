package dev.atoll.isolation.runsc;

import dev.atoll.isolation.oci.LayerBounds;
import dev.atoll.isolation.runtime.RuntimeCapability;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One runsc on disk and what it can do.
 *
 * @param path absolute path of the executable
 * @param flags the names of the global flags it knows, without dashes
 */
public record RunscBinary(Path path, RunscVersion version, Set<String> flags) {

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);
    private static final Pattern FLAG_LINE = Pattern.compile("(?m)^\\s{2}-([A-Za-z0-9_-]+)");

    private static final int NETWORK_ON_NEW_KERNELS_SINCE = 20240807;
    private static final int BACKGROUND_RESTORE_SINCE = 20240930;
    private static final int CHECKPOINT_WITH_EXEC_SINCE = 20250331;
    private static final int WRITABLE_LAYER_SIZE_SINCE = 20260101;

    /** Measured with 20240729 (139 MiB after 1,500 processes) and with this one; when it was mended nobody has looked up. */
    private static final int ENDED_PROCESSES_LEAVE_NOTHING_SINCE = 20260905;

    /** In the version of a build from {@code isolation/runtime}, whose one patch opens the way to nr_inodes. */
    private static final String OUR_PATCHES = "-atoll";

    /** The flag that chooses the version of control groups inside; builds that have it have the unified ones. */
    static final String UNIFIED_GROUPS_INSIDE = "in-sandbox-cgroup";

    public RunscBinary {
        flags = Set.copyOf(flags);
    }

    /** Asks the executable for its version and flags; refuses what is missing, no runsc or too old. */
    public static RunscBinary detect(Path path) {
        if (!Files.isExecutable(path)) {
            throw Problem.of(
                            ProblemCode.TOOL_MISSING,
                            "There is no runsc at " + path + ".",
                            "Build it: isolation/runtime/build.sh " + path.getParent()
                                    + " (./atoll does this at its first start).")
                    .asException();
        }
        try {
            String printed = ask(path, "--version");
            RunscVersion version = RunscVersion.parse(printed)
                    .orElseThrow(() -> unsupported("cannot tell its version from: "
                            + printed.lines().findFirst().orElse("")));
            if (!version.isAtLeast(RunscVersion.FLOOR)) {
                throw unsupported("version " + version.text() + " is older than " + RunscVersion.FLOOR);
            }
            Set<String> flags = FLAG_LINE
                    .matcher(ask(path, "flags"))
                    .results()
                    .map(match -> match.group(1))
                    .collect(Collectors.toUnmodifiableSet());
            return new RunscBinary(path, version, flags);
        } catch (IOException failed) {
            throw new dev.atoll.model.problem.ProblemException(
                    Problem.of(ProblemCode.RUNTIME_UNSUPPORTED, path + " does not run: " + failed.getMessage()),
                    failed);
        }
    }

    private static dev.atoll.model.problem.ProblemException unsupported(String why) {
        return Problem.of(
                        ProblemCode.RUNTIME_UNSUPPORTED,
                        "This runsc cannot be used: " + why + ".",
                        "Unset ATOLL_RUNSC to use the build that Atoll pins, or point it to a gVisor release of "
                                + RunscVersion.FLOOR + " or later.")
                .asException();
    }

    private static String ask(Path path, String argument) throws IOException {
        return CommandRun.run(List.of(path.toString(), argument), ANSWER_TIMEOUT)
                .requireSuccess()
                .output();
    }

    boolean knows(String flag) {
        return flags.contains(flag);
    }

    /** What this build enforces of the bounds of a writable layer. */
    LayerBounds layerBounds() {
        if (!version.isAtLeast(WRITABLE_LAYER_SIZE_SINCE)) {
            return LayerBounds.NONE;
        }
        return version.text().contains(OUR_PATCHES) ? LayerBounds.BYTES_AND_INODES : LayerBounds.BYTES;
    }

    /** What this build can do beyond the contract. */
    Set<RuntimeCapability> capabilities() {
        Set<RuntimeCapability> found = EnumSet.of(RuntimeCapability.EROFS_ROOT, RuntimeCapability.CHECKPOINT);
        if (version.isAtLeast(NETWORK_ON_NEW_KERNELS_SINCE)) {
            found.add(RuntimeCapability.NETWORK);
        }
        if (version.isAtLeast(BACKGROUND_RESTORE_SINCE)) {
            found.add(RuntimeCapability.BACKGROUND_RESTORE);
        }
        if (version.isAtLeast(CHECKPOINT_WITH_EXEC_SINCE)) {
            found.add(RuntimeCapability.CHECKPOINT_WITH_EXEC);
        }
        switch (layerBounds()) {
            case NONE -> {}
            case BYTES -> found.add(RuntimeCapability.WRITABLE_LAYER_SIZE);
            case BYTES_AND_INODES ->
                found.addAll(Set.of(RuntimeCapability.WRITABLE_LAYER_SIZE, RuntimeCapability.WRITABLE_LAYER_INODES));
        }
        if (knows(UNIFIED_GROUPS_INSIDE)) {
            found.add(RuntimeCapability.PROCESS_LIMIT);
        }
        if (knows("cpu-num-from-quota")) {
            found.add(RuntimeCapability.CPU_COUNT_FROM_QUOTA);
        }
        return found;
    }

    /** Defects of this build that a person should know of. */
    List<String> weaknesses() {
        List<String> known = new ArrayList<>();
        if (!version.isAtLeast(NETWORK_ON_NEW_KERNELS_SINCE)) {
            known.add("On Linux 6.11 and later its own start command refuses sandboxes with a network.");
        }
        if (!version.isAtLeast(CHECKPOINT_WITH_EXEC_SINCE)) {
            known.add("A process that runsc itself started inside makes a later restore fail.");
        }
        switch (layerBounds()) {
            case NONE ->
                known.add("It cannot bound the writable layer: a sandbox can fill the disk that its files lie on, and"
                        + " its memory alone bounds the number of files.");
            case BYTES ->
                known.add("It cannot bound the number of files in the writable layer: a sandbox that makes too many"
                        + " ends for want of memory.");
            case BYTES_AND_INODES -> {}
        }
        if (!knows(UNIFIED_GROUPS_INSIDE)) {
            known.add("Its count of processes errs under a fork bomb, and root inside can leave it: the host's limit"
                    + " then ends the sandbox.");
        }
        if (!version.isAtLeast(ENDED_PROCESSES_LEAVE_NOTHING_SINCE)) {
            known.add("Every process that ends may leave some 90 KiB in the sentry for good, so a sandbox that starts"
                    + " thousands comes to its memory limit.");
        }
        return known;
    }
}
