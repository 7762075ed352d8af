package dev.atoll.isolation.oci;

import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.RootFilesystem;
import java.nio.file.Path;
import java.util.List;

/** Derives the OCI spec from a {@link BoxSpec}: the same for every box but for its paths, sizes and name. */
public final class BoxOciSpec {

    private static final String OCI_VERSION = "1.0.2";
    private static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** tmpfs counts as memory of the box: at most this part of it, so that filling it gives ENOSPC and no kill. */
    private static final int TMPFS_FRACTION = 2;

    private static final int TMPFS_INODES_FRACTION = 4;

    private BoxOciSpec() {}

    /**
     * The spec of one box.
     *
     * @param emptyRoot an empty directory, the root that an EROFS file covers
     * @param cgroupsPath where the box's control groups are
     * @param bounds what the build enforces of the writable layer's bounds
     */
    public static OciSpec of(BoxSpec box, Path emptyRoot, String cgroupsPath, LayerBounds bounds) {
        return new OciSpec(
                OCI_VERSION,
                pid1(box),
                new OciSpec.Root(rootPath(box.root(), emptyRoot).toString(), false),
                box.hostname(),
                mounts(box.guestBinary()),
                new OciSpec.Linux(cgroupsPath, namespaces()),
                RootAnnotations.of(box.root(), box.writableDirectory(), bounds.option(box.limits())));
    }

    private static Path rootPath(RootFilesystem root, Path emptyRoot) {
        return switch (root) {
            case RootFilesystem.ErofsFile erofs -> emptyRoot;
            case RootFilesystem.DirectoryTree tree -> tree.source();
        };
    }

    private static OciSpec.Process pid1(BoxSpec box) {
        long openFiles = box.limits().openFiles();
        return new OciSpec.Process(
                false,
                new OciSpec.User(0, 0),
                arguments(box.limits()),
                List.of(PATH),
                "/",
                Capability.sets(),
                List.of(
                        new OciSpec.Rlimit("RLIMIT_NOFILE", openFiles, openFiles),
                        new OciSpec.Rlimit("RLIMIT_CORE", 0, 0)),
                true);
    }

    /** What PID 1 sets from the inside, because runsc cannot; see {@code isolation/guest/confine.c}. */
    private static List<String> arguments(BoxLimits limits) {
        return List.of(
                BoxSpec.GUEST_PATH,
                "--cpus=" + limits.cpus(),
                "--pids=" + limits.pids(),
                "--tmpfs-bytes=" + limits.memoryBytes() / TMPFS_FRACTION,
                "--tmpfs-files=" + limits.inodes() / TMPFS_INODES_FRACTION);
    }

    private static List<OciSpec.Mount> mounts(Path guestBinary) {
        List<String> harmless = List.of("nosuid", "noexec", "nodev");
        return List.of(
                new OciSpec.Mount("/proc", "proc", "proc", harmless),
                new OciSpec.Mount("/dev", "tmpfs", "tmpfs", List.of("nosuid", "mode=755")),
                new OciSpec.Mount("/dev/pts", "devpts", "devpts", List.of("nosuid", "noexec")),
                new OciSpec.Mount("/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", "ro")),
                new OciSpec.Mount(
                        BoxSpec.GUEST_PATH, "bind", guestBinary.toString(), List.of("bind", "ro", "nosuid", "nodev")));
    }

    private static List<OciSpec.Namespace> namespaces() {
        return List.of("pid", "network", "ipc", "uts", "mount").stream()
                .map(OciSpec.Namespace::new)
                .toList();
    }
}
