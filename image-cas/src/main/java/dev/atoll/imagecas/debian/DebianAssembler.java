package dev.atoll.imagecas.debian;

import dev.atoll.imagecas.content.DiskProblems;
import dev.atoll.imagecas.source.DebianRecipe;
import dev.atoll.imagecas.source.Progress;
import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.model.image.ImageConfig;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Has mmdebstrap install Debian packages into a temporary directory and hands out the result as one tar stream. What it starts ends with
 * it, also when this process is killed. Needs root. Stateless.
 */
public final class DebianAssembler {
    /** Room on the disk that a root of some hundred packages takes while it is made, in bytes. */
    private static final long ROOM = 2L << 30;

    private static final int SECONDS_TO_CLEAN_UP = 30;

    /** What processes in such a root inherit. */
    public static final ImageConfig CONFIG = new ImageConfig(
            List.of(
                    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    "LANG=C.UTF-8",
                    "DEBIAN_FRONTEND=noninteractive"),
            "/workspace",
            "0");

    private DebianAssembler() {}

    /**
     * Makes the root and feeds it to {@code reader} as tar.
     *
     * @param workshop an existing empty directory on the disk that is to be used
     * @param reserve room in bytes that stays free on that disk
     * @throws ProblemException {@code tool_missing}, {@code disk_full} or {@code image_build_failed}
     */
    public static void assemble(
            DebianRecipe recipe, Path workshop, long reserve, ProgressListener progress, Consumer<InputStream> reader) {
        Tools.require();
        DiskProblems.requireRoom(workshop, ROOM, reserve);
        progress.report(Progress.of("starting mmdebstrap"));
        BootstrapLog log = new BootstrapLog(progress);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Process process = start(recipe, workshop);
            try {
                executor.execute(() -> follow(process, log));
                read(process, reader);
                int code = process.waitFor();
                if (code != 0) {
                    throw failed(recipe, workshop, log, code);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ProblemException(
                        Problem.of(ProblemCode.SHUTTING_DOWN, "Making the image was interrupted."), e);
            } catch (TruncatedRoot e) {
                throw failed(recipe, workshop, log, e.exitCode);
            } finally {
                end(process);
            }
        } catch (IOException e) {
            throw DiskProblems.writing(workshop, e);
        }
    }

    private static Process start(DebianRecipe recipe, Path workshop) throws IOException {
        Path setup = script(workshop, "setup");
        Path supervise = script(workshop, "supervise");
        Kernels.write(workshop);
        Path temporary = Files.createDirectory(workshop.resolve("mmdebstrap"));
        ProcessBuilder builder = new ProcessBuilder(MmdebstrapCommand.of(recipe, supervise, setup));
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TMPDIR", temporary.toString());
        builder.environment().put("SOURCE_DATE_EPOCH", MmdebstrapCommand.NEWEST_TIME);
        return builder.directory(workshop.toFile()).start();
    }

    private static void read(Process process, Consumer<InputStream> reader) throws IOException, InterruptedException {
        PushbackInputStream tar = new PushbackInputStream(process.getInputStream());
        int first = tar.read();
        if (first < 0) {
            throw new TruncatedRoot(process.waitFor());
        }
        tar.unread(first);
        try {
            reader.accept(tar);
        } catch (ProblemException e) {
            // A tar that ends early is mmdebstrap's failure, which its exit code and last lines explain better.
            if (process.waitFor(1, TimeUnit.SECONDS) && process.exitValue() != 0) {
                throw new TruncatedRoot(process.exitValue());
            }
            throw e;
        }
    }

    private static void follow(Process process, BootstrapLog log) {
        try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.line(line);
            }
        } catch (IOException e) {
            log.line("its messages could not be read: " + e.getMessage());
        }
    }

    /** Tells it to stop, which it does by itself once its stdin ends, and takes its pipes away. */
    private static void end(Process process) throws IOException {
        process.getOutputStream().close();
        process.getInputStream().close();
        try {
            if (!process.waitFor(SECONDS_TO_CLEAN_UP, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static ProblemException failed(DebianRecipe recipe, Path workshop, BootstrapLog log, int code) {
        if (log.sawDiskFull()) {
            return DiskProblems.writing(workshop, new IOException("No space left on device"));
        }
        return Problem.of(
                        ProblemCode.IMAGE_BUILD_FAILED,
                        recipe.describe() + " could not be assembled: mmdebstrap ended with " + code
                                + ". Its last lines:\n" + log.tail(),
                        "Check that "
                                + recipe.mirror()
                                        .map(mirror -> "the mirror " + mirror)
                                        .orElse("Debian's archive")
                                + " can be reached from this machine, or set ATOLL_DEBIAN_MIRROR to a mirror that can.")
                .asException();
    }

    private static Path script(Path workshop, String name) throws IOException {
        Path file = Files.writeString(workshop.resolve(name), Resources.text(name));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The stream of the root ended before the root did. */
    private static final class TruncatedRoot extends RuntimeException {
        private final int exitCode;

        TruncatedRoot(int exitCode) {
            super("mmdebstrap ended with " + exitCode);
            this.exitCode = exitCode;
        }
    }
}
