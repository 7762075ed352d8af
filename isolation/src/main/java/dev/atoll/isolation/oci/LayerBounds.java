package dev.atoll.isolation.oci;

import dev.atoll.isolation.runtime.BoxLimits;

/** Which bounds of a writable layer a build of runsc enforces. */
public enum LayerBounds {
    NONE,
    BYTES,
    /** The build has our door to tmpfs's own {@code nr_inodes}: {@code isolation/runtime/build.sh}. */
    BYTES_AND_INODES;

    /** The bounds of one box in runsc's words, or the empty string. */
    public String option(BoxLimits limits) {
        return switch (this) {
            case NONE -> "";
            case BYTES -> "size=" + limits.diskBytes();
            // Semicolon, because runsc takes a comma for the end of the size.
            case BYTES_AND_INODES -> "size=" + limits.diskBytes() + ";nr_inodes=" + limits.inodes();
        };
    }
}
