package dev.atoll.hostagent.output;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The names of one log's files: {@code NAME.OFFSET.out} with the first merged offset as 16 hexadecimal digits, so that names sort in
 * order.
 */
record SegmentFiles(Path directory, String name) {
    static final String SUFFIX = ".out";

    /** A dot and the offset. */
    private static final int OFFSET_CHARACTERS = 17;

    Path fileFor(long merged) {
        return directory.resolve(name + '.' + HexFormat.of().toHexDigits(merged) + SUFFIX);
    }

    /** The name of the log that a file belongs to. */
    static String nameOf(Path file) {
        String text = file.getFileName().toString();
        return text.substring(0, Math.max(0, text.length() - SUFFIX.length() - OFFSET_CHARACTERS));
    }

    void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
