package dev.atoll.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where tests have the image {@code base} from: what an earlier one in this JVM has made, {@code ATOLL_TEST_IMAGES}, or the images of this
 * machine's {@code ATOLL_HOME}. Large files are linked, so that it is made and stored once.
 */
final class BaseImages {
    private static Optional<Path> kept = Optional.empty();

    private BaseImages() {}

    /** Puts what there is into a directory of images that nobody has opened yet. */
    static synchronized void linkInto(Path images) {
        Path source = kept.orElseGet(BaseImages::ofThisMachine);
        if (Files.isRegularFile(source.resolve("names/base"))) {
            link(source, images);
        }
    }

    /** Keeps the images of a platform for those to come, until this JVM ends. */
    static synchronized void keep(Path images) {
        if (kept.isPresent()) {
            return;
        }
        try {
            Path copy = Files.createTempDirectory(Path.of("/tmp"), "atollbase");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(copy)));
            link(images, copy);
            kept = Optional.of(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path ofThisMachine() {
        return Optional.ofNullable(System.getenv("ATOLL_TEST_IMAGES"))
                .map(Path::of)
                .orElseGet(() -> Path.of(
                        Optional.ofNullable(System.getenv("ATOLL_HOME")).orElse("/var/lib/atoll"), "host/images"));
    }

    private static void link(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file));
                Files.createDirectories(copy.getParent());
                if (file.getFileName().toString().endsWith(".erofs")) {
                    Files.createLink(copy, file);
                } else {
                    Files.copy(file, copy);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
