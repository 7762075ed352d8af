package dev.atoll.hostagent.box;

import dev.atoll.isolation.runtime.BoxId;
import java.nio.file.Path;

/**
 * Where the files of one box lie.
 *
 * @param directory of this box
 */
record BoxPlace(Path directory) {
    static BoxPlace of(Path boxes, BoxId id) {
        return new BoxPlace(boxes.resolve(id.value()));
    }

    /** The FIFO that is PID 1's stdin. */
    Path toGuest() {
        return directory.resolve("in");
    }

    /** The FIFO that is PID 1's stdout. */
    Path fromGuest() {
        return directory.resolve("out");
    }

    Path writable() {
        return directory.resolve("writable");
    }
}
