package dev.atoll.isolation.runsc;

import dev.atoll.isolation.linux.LinuxFiles;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.RootFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * What a caller of the runtime makes for a box.
 *
 * @param directory where: one directory per box below it
 * @param pid1 see {@link TestRoots#shell}
 */
record BoxFixture(Path directory, Path pid1) {

    BoxSpec newSpec(RootFilesystem root, BoxLimits limits) throws IOException {
        BoxId id = BoxId.random(new SecureRandom());
        Path box = Files.createDirectories(directory.resolve(id.value()));
        Path writable = Files.createDirectory(box.resolve("writable"));
        Path stdin = stdin(id);
        Path stdout = stdout(id);
        LinuxFiles.makeFifo(stdin, 0600);
        LinuxFiles.makeFifo(stdout, 0600);
        return new BoxSpec(id, root, writable, limits, "box-under-test", pid1, stdin, stdout);
    }

    Path stdin(BoxId id) {
        return directory.resolve(id.value()).resolve("in");
    }

    Path stdout(BoxId id) {
        return directory.resolve(id.value()).resolve("out");
    }

    static void removeTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
