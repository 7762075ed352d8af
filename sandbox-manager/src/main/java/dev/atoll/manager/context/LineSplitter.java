package dev.atoll.manager.context;

import java.io.ByteArrayOutputStream;
import java.util.function.BiConsumer;

/**
 * Cuts a kernel's output into lines. It may be put down in the middle of one: what comes before the first end of a line is then dropped.
 * A line that is too long is dropped as well, and never held. For one thread.
 */
final class LineSplitter {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean dropping;

    /** @param within whether what comes first may be the rest of a line */
    LineSplitter(boolean within) {
        this.dropping = within;
    }

    /**
     * Takes what comes next in a stream.
     *
     * @param lines gets each line that ends here, and the number of bytes of {@code bytes} up to and with its end
     */
    void take(byte[] bytes, BiConsumer<byte[], Integer> lines) {
        int from = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                keep(bytes, from, at);
                if (!dropping) {
                    lines.accept(line.toByteArray(), at + 1);
                }
                line.reset();
                dropping = false;
                from = at + 1;
            }
        }
        keep(bytes, from, bytes.length);
    }

    /** Bytes of the line that has begun. */
    int held() {
        return line.size();
    }

    private void keep(byte[] bytes, int from, int to) {
        if (dropping) {
            return;
        }
        if (line.size() + (to - from) > KernelLines.MAX_BYTES) {
            dropping = true;
            line.reset();
            return;
        }
        line.write(bytes, from, to - from);
    }
}
