package dev.atoll.isolation.runsc;

import dev.atoll.isolation.runtime.RuntimePlatform;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How runsc is used on this host.
 *
 * @param binary the executable, absolute
 * @param root the directory for the runtime's own files, absolute and short: a socket address below it has 107 bytes
 * @param platform how system calls are intercepted
 * @param cgroupParent the control group, one path element, below which every box has its own; two runtimes on one host
 *     need two
 * @param createTimeout the longest that a box may take to boot
 * @param callTimeout the longest that a call to a box may take
 * @param imageTimeout the longest that a checkpoint or a restore may take
 * @param destroyTimeout the longest that the processes of a killed box may take to vanish
 */
public record RunscSettings(
        Path binary,
        Path root,
        RuntimePlatform platform,
        String cgroupParent,
        Duration createTimeout,
        Duration callTimeout,
        Duration imageTimeout,
        Duration destroyTimeout) {

    public static final Duration DEFAULT_CREATE_TIMEOUT = Duration.ofSeconds(30);
    public static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(20);

    /** 16 GiB of memory at 50 MB/s. */
    public static final Duration DEFAULT_IMAGE_TIMEOUT = Duration.ofMinutes(6);

    public static final Duration DEFAULT_DESTROY_TIMEOUT = Duration.ofSeconds(20);
    public static final String DEFAULT_CGROUP_PARENT = "atoll";

    private static final int MAX_ROOT_CHARACTERS = 70;

    public RunscSettings {
        if (!binary.isAbsolute() || !root.isAbsolute()) {
            throw new IllegalArgumentException("binary and root must be absolute paths");
        }
        if (root.toString().length() > MAX_ROOT_CHARACTERS) {
            throw new IllegalArgumentException(
                    "root must have at most " + MAX_ROOT_CHARACTERS + " characters: " + root);
        }
        if (!cgroupParent.matches("[a-z][a-z0-9-]{0,40}")) {
            throw new IllegalArgumentException("not a name for a control group: " + cgroupParent);
        }
    }

    /** The defaults for everything but the two paths. */
    public static RunscSettings of(Path binary, Path root) {
        return new RunscSettings(
                binary,
                root,
                RuntimePlatform.SYSTRAP,
                DEFAULT_CGROUP_PARENT,
                DEFAULT_CREATE_TIMEOUT,
                DEFAULT_CALL_TIMEOUT,
                DEFAULT_IMAGE_TIMEOUT,
                DEFAULT_DESTROY_TIMEOUT);
    }

    public RunscSettings withPlatform(RuntimePlatform other) {
        return new RunscSettings(
                binary, root, other, cgroupParent, createTimeout, callTimeout, imageTimeout, destroyTimeout);
    }

    public RunscSettings withCgroupParent(String other) {
        return new RunscSettings(
                binary, root, platform, other, createTimeout, callTimeout, imageTimeout, destroyTimeout);
    }

    public RunscSettings withImageTimeout(Duration other) {
        return new RunscSettings(
                binary, root, platform, cgroupParent, createTimeout, callTimeout, other, destroyTimeout);
    }
}
