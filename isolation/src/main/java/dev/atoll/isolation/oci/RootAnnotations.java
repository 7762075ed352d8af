package dev.atoll.isolation.oci;

import dev.atoll.isolation.runtime.RootFilesystem;
import java.nio.file.Path;
import java.util.Map;

/** The annotations by which gVisor takes its root from an EROFS file; the only annotations there are. */
final class RootAnnotations {

    private static final String PREFIX = "dev.gvisor.spec.rootfs.";

    private RootAnnotations() {}

    /** Whether the value of an annotation is a path on the host, which may differ between a box and its clone. */
    static boolean hasPath(String annotation) {
        return annotation.equals(PREFIX + "source") || annotation.equals(PREFIX + "overlay");
    }

    static Map<String, String> of(RootFilesystem root, Path writableDirectory) {
        return switch (root) {
            case RootFilesystem.ErofsFile erofs ->
                Map.of(
                        PREFIX + "source",
                        erofs.source().toString(),
                        PREFIX + "type",
                        "erofs",
                        PREFIX + "overlay",
                        "dir=" + writableDirectory);
            case RootFilesystem.DirectoryTree tree -> Map.of();
        };
    }
}
