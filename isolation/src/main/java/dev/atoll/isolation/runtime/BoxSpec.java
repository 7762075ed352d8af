package dev.atoll.isolation.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Everything that is decided about a box before it boots. It holds no word of a tenant: command, environment, files
 * and secrets reach a box through its PID 1 after the start.
 *
 * @param id name of the box, unused on this host
 * @param root the read-only lower layer
 * @param writableDirectory an existing directory on disk for this box alone; everything the box writes is kept in one
 *     unnamed file there, which ends with the box
 * @param limits what the box may use
 * @param hostname what the box is called inside, 1–63 characters of a DNS label
 * @param guestBinary the static PID 1 on the host, bound read-only into the box as {@link #GUEST_PATH}
 * @param stdin the FIFO that becomes the stdin of PID 1; made by the caller
 * @param stdout the FIFO that becomes the stdout of PID 1; made by the caller
 * @param priority with which the box boots, and which it keeps until {@link SandboxRuntime#setPriority}
 */
public record BoxSpec(
        BoxId id,
        RootFilesystem root,
        Path writableDirectory,
        BoxLimits limits,
        String hostname,
        Path guestBinary,
        Path stdin,
        Path stdout,
        BoxPriority priority) {

    /** Where PID 1 lies inside every box. */
    public static final String GUEST_PATH = "/.atoll/init";

    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** A box of normal priority. */
    public BoxSpec(
            BoxId id,
            RootFilesystem root,
            Path writableDirectory,
            BoxLimits limits,
            String hostname,
            Path guestBinary,
            Path stdin,
            Path stdout) {
        this(id, root, writableDirectory, limits, hostname, guestBinary, stdin, stdout, BoxPriority.NORMAL);
    }

    public BoxSpec {
        for (Path path : List.of(writableDirectory, guestBinary, stdin, stdout)) {
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException("must be an absolute path: " + path);
            }
        }
        if (!DNS_LABEL.matcher(hostname).matches()) {
            throw new IllegalArgumentException("not a DNS label: " + hostname);
        }
    }
}
