package dev.atoll.cli.copy;

import com.grack.nanojson.JsonObject;
import dev.atoll.cli.http.Upload;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.terminal.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Copies into a sandbox, with the places of {@code cp}: into a directory that is there, or to a name that is not. */
final class Uploading {
    private static final int PERMISSIONS = 0777;
    private static final int BUFFER_BYTES = 256 * 1_024;

    private final RemoteFiles files;

    Uploading(RemoteFiles files) {
        this.files = files;
    }

    Copied files(String source, String target, Progress progress, Consumer<String> note) {
        Path path = Path.of(source);
        if (!Files.exists(path)) {
            throw TreePacker.unreadable(path, new IOException("there is no such file"));
        }
        Optional<JsonObject> there = files.stat(target);
        boolean isDirectory = there.filter(Uploading::isDirectory).isPresent();
        if (Files.isDirectory(path)) {
            if (there.isPresent() && !isDirectory) {
                throw refused(target, "is a file, and a directory is copied");
            }
            boolean into = isDirectory && !Place.meansContent(source);
            return tree(path, into ? Place.joined(target, lastName(path)) : target, progress, note);
        }
        if (!Files.isRegularFile(path)) {
            throw TreePacker.unreadable(path, new IOException("it is neither a file nor a directory"));
        }
        if (there.isEmpty() && target.endsWith("/")) {
            throw refused(target, "is not there, and would be a directory");
        }
        return file(path, isDirectory ? Place.joined(target, lastName(path)) : target, progress);
    }

    private static boolean isDirectory(JsonObject entry) {
        return "directory".equals(entry.getString("type"));
    }

    private static String lastName(Path path) {
        return String.valueOf(path.toAbsolutePath().normalize().getFileName());
    }

    private Copied file(Path path, String target, Progress progress) {
        try (InputStream in = Files.newInputStream(path)) {
            Tally tally = new Tally(progress, Files.size(path));
            int mode = (int) Files.getAttribute(path, "unix:mode") & PERMISSIONS;
            files.write(target, String.format(Locale.ROOT, "%04o", mode), out -> pump(path, in, out, tally));
            return new Copied(target, 1, tally.bytes());
        } catch (IOException unreadable) {
            throw TreePacker.unreadable(path, unreadable);
        }
    }

    private Copied tree(Path directory, String target, Progress progress, Consumer<String> note) {
        Tally tally = new Tally(progress, 0);
        files.unpack(target, "tar", out -> new TreePacker(out, tally, note).pack(directory));
        return new Copied(target, tally.entries(), tally.bytes());
    }

    /** A tar stream as it comes, plain or compressed with zstd. */
    Copied archive(InputStream in, String target, Progress progress) {
        Tally tally = new Tally(progress, 0);
        Upload upload = out -> pump(Path.of("/dev/stdin"), in, out, tally);
        JsonObject unpacked = files.unpack(target, "", upload).json();
        return new Copied(target, unpacked.getLong("entries", 0), unpacked.getLong("bytes", 0));
    }

    private static void pump(Path from, InputStream in, OutputStream out, Tally tally) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = read(from, in, buffer); n >= 0; n = read(from, in, buffer)) {
            out.write(buffer, 0, n);
            tally.bytes(n);
        }
    }

    private static int read(Path from, InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException failed) {
            throw TreePacker.unreadable(from, failed);
        }
    }

    private static RuntimeException refused(String target, String why) {
        return Problem.of(
                        "target_refused",
                        ExitCode.NOT_FOUND,
                        "'" + target + "' in the sandbox " + why + ".",
                        "Name another target, or make the directory first.")
                .asException();
    }
}
