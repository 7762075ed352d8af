package dev.atoll.bench.load;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What is copied: a large file, and a tree of small ones, both of random bytes. What comes out of sandboxes lies beside it to the end of
 * the benchmark: ext4 without a journal takes long to make files for minutes after many were removed.
 */
public final class Cargo {
    /** Of a small file. */
    static final int SMALL_BYTES = 1_024;

    private static final int PER_DIRECTORY = 100;
    private static final int MIB = 1 << 20;

    private final Path work;
    private final int files;
    private final int mebibytes;
    private final Random random;
    private final AtomicInteger next = new AtomicInteger();

    /** @param work a directory of ours, that goes at the end */
    public Cargo(Path work, int files, int mebibytes, Random random) {
        this.work = work;
        this.files = files;
        this.mebibytes = mebibytes;
        this.random = random;
    }

    Path big() {
        return work.resolve("big");
    }

    Path small() {
        return work.resolve("small");
    }

    int files() {
        return files;
    }

    long bigBytes() {
        return (long) mebibytes * MIB;
    }

    /** A name that nothing has had. */
    String fresh() {
        return "copy" + next.incrementAndGet();
    }

    /** A place on this machine that nothing has had. */
    Path place() {
        return work.resolve(fresh());
    }

    void writeBig() throws IOException {
        byte[] piece = new byte[MIB];
        try (OutputStream out = Files.newOutputStream(big())) {
            for (int i = 0; i < mebibytes; i++) {
                random.nextBytes(piece);
                out.write(piece);
            }
        }
    }

    void writeSmall() throws IOException {
        byte[] content = new byte[SMALL_BYTES];
        for (int i = 0; i < files; i++) {
            Path directory = small().resolve("d" + i / PER_DIRECTORY);
            if (i % PER_DIRECTORY == 0) {
                Files.createDirectories(directory);
            }
            random.nextBytes(content);
            Files.write(directory.resolve("f" + i), content);
        }
    }

    /** An exception unless a copy of the large file is the same. */
    void requireBig(Path copy) throws IOException {
        if (Files.mismatch(big(), copy) >= 0) {
            throw new IOException("the file did not come as it is");
        }
    }

    /** An exception unless a copy of the small files has all of them, byte for byte. */
    void requireSmall(Path copy) throws IOException {
        int found = 0;
        try (Stream<Path> all = Files.walk(copy)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                found++;
                if (Files.mismatch(small().resolve(copy.relativize(file)), file) >= 0) {
                    throw new IOException(file + " did not come as it is");
                }
            }
        }
        if (found != files) {
            throw new IOException(found + " files came of " + files);
        }
    }
}
