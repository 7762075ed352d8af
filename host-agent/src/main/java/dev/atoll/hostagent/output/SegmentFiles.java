package dev.atoll.hostagent.output;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The names of one log's files: {@code NAME.OFFSET.out} with the first merged offset as 16 hexadecimal digits, so that names sort in
 * order.
 */
record SegmentFiles(Path directory, String name) {

    Path fileFor(long merged) {
        return directory.resolve(String.format(Locale.ROOT, "%s.%016x.out", name, merged));
    }

    List<Path> existing() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, name + ".*.out")) {
            files.forEach(found::add);
        }
        found.sort(null);
        return found;
    }

    void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
