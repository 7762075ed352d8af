package dev.atoll.isolation.oci;

import dev.atoll.isolation.runtime.RootFilesystem;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The annotations by which gVisor takes its root from an EROFS file; the only annotations there are. */
final class RootAnnotations {

    private static final String PREFIX = "dev.gvisor.spec.rootfs.";

    private RootAnnotations() {}

    /** Whether the value of an annotation is a path on the host, which may differ between a box and its clone. */
    static boolean hasPath(String annotation) {
        return annotation.equals(PREFIX + "source") || annotation.equals(PREFIX + "overlay");
    }

    /** {@code bounds} of the writable layer in runsc's words; empty where the build knows none. */
    static Map<String, String> of(RootFilesystem root, Path writableDirectory, String bounds) {
        return switch (root) {
            case RootFilesystem.ErofsFile erofs -> {
                Map<String, String> annotations = new TreeMap<>();
                annotations.put(PREFIX + "source", erofs.source().toString());
                annotations.put(PREFIX + "type", "erofs");
                annotations.put(PREFIX + "overlay", "dir=" + writableDirectory);
                if (!bounds.isEmpty()) {
                    annotations.put(PREFIX + "options", bounds);
                }
                yield annotations;
            }
            case RootFilesystem.DirectoryTree tree -> Map.of();
        };
    }
}
