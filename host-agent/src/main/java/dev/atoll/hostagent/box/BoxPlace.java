package dev.atoll.hostagent.box;

import dev.atoll.isolation.linux.LinuxFiles;
import dev.atoll.isolation.runtime.BoxId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the files of one box lie.
 *
 * @param directory of this box
 */
record BoxPlace(Path directory) {
    private static final int FIFO_MODE = 0600;

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

    void makeFifos() throws IOException {
        LinuxFiles.makeFifo(toGuest(), FIFO_MODE);
        LinuxFiles.makeFifo(fromGuest(), FIFO_MODE);
    }

    void removeFifos() throws IOException {
        Files.deleteIfExists(toGuest());
        Files.deleteIfExists(fromGuest());
    }

    Path writable() {
        return directory.resolve("writable");
    }
}
