package dev.atoll.isolation.runtime;

import java.nio.file.Path;

/** The read-only lower layer of a box; what the box writes goes to its own writable layer, never here. */
public sealed interface RootFilesystem {

    /** The file or directory on the host; absolute. Many boxes may share it at once. */
    Path source();

    /**
     * One EROFS image file.
     *
     * <p>Images must have been made without inlined data ({@code mkfs.erofs -E noinline_data}): runsc 20240729 fails
     * {@code execve} of an inlined file with EFAULT.
     */
    record ErofsFile(Path source) implements RootFilesystem {
        public ErofsFile {
            requireAbsolute(source);
        }
    }

    /** An unpacked directory tree, owned as the box shall see it. */
    record DirectoryTree(Path source) implements RootFilesystem {
        public DirectoryTree {
            requireAbsolute(source);
        }
    }

    private static void requireAbsolute(Path source) {
        if (!source.isAbsolute()) {
            throw new IllegalArgumentException("root filesystem must be an absolute path: " + source);
        }
    }
}
