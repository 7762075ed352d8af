package dev.atoll.cli.copy;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.http.Download;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.tar.TarReader;
import dev.atoll.cli.terminal.Progress;
import dev.atoll.cli.terminal.ReaderGoneException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/** Copies out of a sandbox. What is there is the sandbox's word and is not trusted. */
final class Downloading {
    private static final int BUFFER_BYTES = 256 * 1_024;

    private final RemoteFiles files;
    private final Consumer<String> note;
    private final ThreadFactory threads;

    Downloading(RemoteFiles files, Consumer<String> note, ThreadFactory threads) {
        this.files = files;
        this.note = note;
        this.threads = threads;
    }

    Copied files(String source, String target, Progress progress) {
        JsonObject entry = files.stat(source)
                .orElseThrow(() -> Problem.of(
                                "file_not_found",
                                ExitCode.NOT_FOUND,
                                "There is no file '" + source + "' in the sandbox.",
                                "Paths that do not begin with / are relative to its working directory.")
                        .asException());
        Path path = Path.of(target);
        boolean isDirectory = Files.isDirectory(path);
        if ("directory".equals(entry.getString("type"))) {
            boolean into = isDirectory && !Place.meansContent(source);
            return tree(source, into ? path.resolve(Place.lastName(source)) : path, progress);
        }
        if (!isDirectory && target.endsWith("/")) {
            throw unwritable(path, "it is no directory");
        }
        return file(source, entry, isDirectory ? path.resolve(Place.lastName(source)) : path, progress);
    }

    /** Into a file beside the target first, so that a copy that breaks off leaves what was there. */
    private Copied file(String source, JsonObject entry, Path target, Progress progress) {
        Tally tally = new Tally(progress, entry.getLong("size", 0));
        Path beside = null;
        try (Download download = files.read(source)) {
            beside = Files.createTempFile(target.toAbsolutePath().getParent(), ".atoll-", ".part");
            try (OutputStream out = Files.newOutputStream(beside)) {
                pump(download.in(), out, tally);
            }
            boolean replaced = Files.isRegularFile(target);
            int mode = replaced
                    ? (int) Files.getAttribute(target, "unix:mode")
                    : Integer.parseInt(entry.getString("mode", "0644"), 8);
            Files.setPosixFilePermissions(beside, TreeUnpacker.permissions(mode));
            Files.setLastModifiedTime(beside, FileTime.from(Instant.parse(entry.getString("modified_at", ""))));
            Path real = replaced ? target.toRealPath() : target;
            Files.move(beside, real, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            beside = null;
            return new Copied(target.toString(), 1, tally.bytes());
        } catch (IOException e) {
            throw unwritable(target, reason(e));
        } finally {
            removed(Optional.ofNullable(beside));
        }
    }

    private static void removed(Optional<Path> beside) {
        try {
            if (beside.isPresent()) {
                Files.deleteIfExists(beside.get());
            }
        } catch (IOException e) {
            // It stays beside the target under its own name; the problem that is on its way says more.
        }
    }

    private Copied tree(String source, Path target, Progress progress) {
        Tally tally = new Tally(progress, 0);
        try (Download archive = files.pack(source)) {
            if (!Files.isDirectory(target)) {
                if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                    throw unwritable(target, "it is no directory, and a directory is copied");
                }
                Files.createDirectory(target);
            }
            new TreeUnpacker(target, tally, note, threads).unpack(archive.in());
            return new Copied(target.toString(), tally.entries(), tally.bytes());
        } catch (TarReader.MalformedTarException e) {
            throw unwritable(target, "what the sandbox sent is no archive: " + e.getMessage());
        } catch (IOException e) {
            throw unwritable(target, reason(e));
        }
    }

    /** The tar stream as it comes. */
    Copied archive(String source, OutputStream out, Progress progress) {
        Tally tally = new Tally(progress, 0);
        try (Download archive = files.pack(source)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = archive.in().read(buffer); n >= 0; n = archive.in().read(buffer)) {
                write(out, buffer, n);
                tally.bytes(n);
            }
            return new Copied("-", tally.entries(), tally.bytes());
        } catch (IOException e) {
            throw unwritable(Path.of("-"), reason(e));
        }
    }

    private static void write(OutputStream out, byte[] buffer, int length) {
        try {
            out.write(buffer, 0, length);
        } catch (IOException gone) {
            throw new ReaderGoneException();
        }
    }

    private static void pump(InputStream in, OutputStream out, Tally tally) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
            tally.bytes(n);
        }
    }

    private static String reason(IOException e) {
        String kind = e.getClass().getSimpleName().replace("Exception", "");
        return e.getMessage() == null ? kind : kind + ", " + e.getMessage();
    }

    private static RuntimeException unwritable(Path target, String why) {
        return Problem.of(
                        "copy_failed",
                        ExitCode.NOT_FOUND,
                        "The copy to " + TreePacker.shown(target) + " failed: " + why + ".",
                        "Check the target, its permissions and the room there.")
                .asException();
    }
}
