package dev.atoll.manager.run;

import dev.atoll.manager.file.FileAccess;
import dev.atoll.manager.file.FileContent;
import dev.atoll.manager.file.Files;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.file.FileEntry;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.file.FileType;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The files of a run, before and after its command, with the rights of the command's user. Paths that do not begin with '/' are relative
 * to the command's directory. Thread-safe.
 */
final class RunFiles {
    static final int MAX_FILE_BYTES = 4 << 20;
    static final int MAX_ALL_BYTES = 8 << 20;

    /** Files that all patterns together bring back. */
    static final int MAX_FOUND = 200;

    private static final int USUAL_MODE = 0644;
    private static final Pattern WILD = Pattern.compile("[*?\\[]");

    private final Files files;

    RunFiles(Files files) {
        this.files = files;
    }

    /** Writes all files, one after the other; the first problem ends it. */
    void write(Caller caller, SandboxId sandbox, RunSpec spec, Patience patience) {
        FileAccess access = new FileAccess(caller, sandbox, spec.exec().user());
        for (RunFile file : spec.files()) {
            FileOperation.Write write = new FileOperation.Write(
                    FilePath.of(within(spec, file.path())),
                    Optional.empty(),
                    true,
                    OptionalInt.of(file.mode().orElse(USUAL_MODE)),
                    Optional.empty(),
                    false);
            patience.until(() -> written(access, write, file.content()));
        }
    }

    private RunFile written(FileAccess access, FileOperation.Write write, byte[] content) {
        try {
            var _ = files.write(access, write, new ByteArrayInputStream(content));
            return new RunFile(write.path().text(), content, write.mode());
        } catch (IOException e) {
            throw new UncheckedIOException("memory is read without fail", e);
        }
    }

    /** Brings back what was asked for, in that order. A problem with one file is that file's. */
    List<CollectedFile> collect(Caller caller, SandboxId sandbox, RunSpec spec, Patience patience) {
        FileAccess access = new FileAccess(caller, sandbox, spec.exec().user());
        List<CollectedFile> collected = new ArrayList<>();
        long left = MAX_ALL_BYTES;
        for (String wanted : spec.collect()) {
            for (CollectedFile file :
                    found(access, within(spec, wanted), left, MAX_FOUND - collected.size(), patience)) {
                left -= file.content().length;
                collected.add(file);
            }
        }
        return collected;
    }

    private List<CollectedFile> found(FileAccess access, String path, long left, int most, Patience patience) {
        try {
            if (!WILD.matcher(path).find()) {
                return List.of(patience.until(() -> one(access, FilePath.of(path), left)));
            }
            return matching(access, path, left, most, patience);
        } catch (ProblemException e) {
            if (e.problem().code() == ProblemCode.SHUTTING_DOWN) {
                throw e;
            }
            return List.of(CollectedFile.missing(path, 0, e.problem()));
        }
    }

    private List<CollectedFile> matching(FileAccess access, String path, long all, int most, Patience patience) {
        int wild = path.lastIndexOf('/', firstWild(path));
        String root = wild < 0 ? "." : wild == 0 ? "/" : path.substring(0, wild);
        // A pattern with a slash at its beginning means what lies there, and not what has such a name at any depth.
        String pattern = "/" + path.substring(wild + 1);
        var glob = new FileOperation.Glob(FilePath.of(root), pattern, Math.max(1, most));
        var listing = patience.until(() -> files.run(access, glob));
        List<CollectedFile> found = new ArrayList<>();
        long left = all;
        for (FileEntry entry : listing.entries()) {
            if (entry.type() == FileType.FILE) {
                long room = left;
                CollectedFile file = patience.until(() -> one(access, entry.path(), room));
                left -= file.content().length;
                found.add(file);
            }
        }
        if (listing.done().truncated() || most <= 0) {
            found.add(CollectedFile.missing(path, 0, limit("More than " + MAX_FOUND + " files match.")));
        }
        return found;
    }

    private static int firstWild(String path) {
        var matcher = WILD.matcher(path);
        return matcher.find() ? matcher.start() : path.length();
    }

    private CollectedFile one(FileAccess access, FilePath path, long left) {
        try {
            FileEntry entry = files.stat(access, new FileOperation.Stat(path, true, false));
            if (entry.type() != FileType.FILE) {
                ProblemCode code = entry.type() == FileType.DIRECTORY
                        ? ProblemCode.IS_A_DIRECTORY
                        : ProblemCode.FILE_SYSTEM_REFUSED;
                Problem problem = Problem.of(code, path.text() + " is no regular file.", "Name a file, or a pattern.");
                return CollectedFile.missing(path.text(), 0, problem);
            }
            if (entry.size() > Math.min(left, MAX_FILE_BYTES)) {
                return CollectedFile.missing(path.text(), entry.size(), tooMuch(entry.size(), left));
            }
            int most = (int) Math.min(left, MAX_FILE_BYTES);
            FileContent content = files.read(access, new FileOperation.Read(path, 0, most + 1L), most);
            return new CollectedFile(
                    path.text(),
                    content.bytes().length,
                    OptionalInt.of(entry.mode()),
                    content.bytes(),
                    Optional.empty());
        } catch (ProblemException e) {
            if (Patience.isPassing(e.problem().code()) || e.problem().code() == ProblemCode.SHUTTING_DOWN) {
                throw e;
            }
            return CollectedFile.missing(path.text(), 0, e.problem());
        }
    }

    private static Problem tooMuch(long size, long left) {
        return size > MAX_FILE_BYTES
                ? limit("It has " + size + " bytes, and one file may have " + MAX_FILE_BYTES + ".")
                : limit("It has " + size + " bytes; of the " + MAX_ALL_BYTES + " for all files " + left + " are left.");
    }

    private static Problem limit(String detail) {
        return Problem.of(
                ProblemCode.COLLECT_LIMIT,
                detail,
                "Collect less, pack it, or make a sandbox and read its files from there.");
    }

    private static String within(RunSpec spec, String path) {
        return path.startsWith("/") || spec.exec().cwd().isEmpty()
                ? path
                : spec.exec().cwd().get() + "/" + path;
    }
}
