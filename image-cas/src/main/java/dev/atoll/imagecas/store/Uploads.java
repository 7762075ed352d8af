package dev.atoll.imagecas.store;

import dev.atoll.imagecas.content.DiskProblems;
import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.source.Progress;
import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.imagecas.tree.Refusals;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a stream as a file while it is needed. */
final class Uploads {
    private static final int BUFFER = 1 << 18;
    private static final long CHECK_INTERVAL = 64L << 20;
    private static final long REPORT_INTERVAL = 8L << 20;

    private Uploads() {}

    /**
     * Writes a stream to a file that does not exist yet.
     *
     * @throws IOException what the stream throws; failures of the disk are problems
     * @throws dev.atoll.model.problem.ProblemException {@code image_too_large}, {@code disk_full}
     */
    static Path spool(InputStream stream, Path file, ImageLimits limits, ProgressListener progress) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        long check = 0;
        long report = 0;
        try (OutputStream out = create(file)) {
            for (int got = stream.read(buffer); got >= 0; got = stream.read(buffer)) {
                size += got;
                if (size > limits.uploadBytes()) {
                    throw Refusals.overLimit("it has more than " + (limits.uploadBytes() >> 20) + " MiB");
                }
                if (size >= check) {
                    DiskProblems.requireRoom(file, 0, limits.reserveBytes());
                    check = size + CHECK_INTERVAL;
                }
                write(out, buffer, got, file);
                if (size >= report) {
                    progress.report(new Progress("receiving the archive", size, 0, Progress.Unit.BYTES));
                    report = size + REPORT_INTERVAL;
                }
            }
        }
        return file;
    }

    private static OutputStream create(Path file) {
        try {
            return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw DiskProblems.writing(file, e);
        }
    }

    private static void write(OutputStream out, byte[] buffer, int length, Path file) {
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw DiskProblems.writing(file, e);
        }
    }
}
