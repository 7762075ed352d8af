package dev.atoll.manager.file;

import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Sees to it that each problem with a file names the file, and that the next call is named where there is an obvious one. */
final class FileProblems {
    private static final Set<ProblemCode> ABOUT_FILES = EnumSet.of(
            ProblemCode.FILE_NOT_FOUND,
            ProblemCode.FILE_PERMISSION_DENIED,
            ProblemCode.PATH_OUTSIDE_WORKSPACE,
            ProblemCode.IS_A_DIRECTORY,
            ProblemCode.NOT_A_DIRECTORY,
            ProblemCode.FILE_EXISTS,
            ProblemCode.DIRECTORY_NOT_EMPTY,
            ProblemCode.FILE_CHANGED,
            ProblemCode.SANDBOX_DISK_FULL,
            ProblemCode.FILE_TOO_LARGE,
            ProblemCode.ARCHIVE_INVALID,
            ProblemCode.FILE_SYSTEM_REFUSED,
            ProblemCode.INVALID_PATH);

    private FileProblems() {}

    static ProblemException named(SandboxId sandbox, FileOperation operation, ProblemException failed) {
        Problem problem = failed.problem();
        Optional<FilePath> path = path(operation);
        if (path.isEmpty() || !ABOUT_FILES.contains(problem.code())) {
            return failed;
        }
        String text = path.get().text();
        boolean named = problem.detail().contains(text);
        boolean list =
                problem.code() == ProblemCode.IS_A_DIRECTORY && problem.next().isEmpty();
        if (named && !list) {
            return failed;
        }
        return new ProblemException(
                new Problem(
                        problem.code(),
                        named ? problem.detail() : shown(path.get()) + ": " + problem.detail(),
                        problem.hint().isEmpty() && list ? "List it, or name a file in it." : problem.hint(),
                        list ? listCall(sandbox, path.get()) : problem.next(),
                        problem.places()),
                failed);
    }

    /** A path as it stands in a problem: on one line, without control characters. */
    static String shown(FilePath path) {
        StringBuilder shown = new StringBuilder();
        path.text().codePoints().map(c -> Character.isISOControl(c) ? '?' : c).forEach(shown::appendCodePoint);
        return shown.toString();
    }

    static ProblemException tooLarge(FilePath path, long size, long most, String hint) {
        return Problem.of(
                        ProblemCode.FILE_TOO_LARGE,
                        shown(path) + " has " + size + " bytes, which is more than the " + most
                                + " that can be worked on at once here.",
                        hint)
                .asException();
    }

    private static String listCall(SandboxId sandbox, FilePath path) {
        return "GET /v1/sandboxes/" + sandbox + "/files/list?path="
                + URLEncoder.encode(path.text(), StandardCharsets.UTF_8);
    }

    /** The path that an operation is about, where it is about one. */
    private static Optional<FilePath> path(FileOperation operation) {
        return switch (operation) {
            case FileOperation.Stat stat -> Optional.of(stat.path());
            case FileOperation.ListDirectory list -> Optional.of(list.path());
            case FileOperation.Glob glob -> Optional.of(glob.root());
            case FileOperation.Grep grep -> Optional.of(grep.root());
            case FileOperation.Read read -> Optional.of(read.path());
            case FileOperation.ReadLines lines -> Optional.of(lines.path());
            case FileOperation.Write write -> Optional.of(write.path());
            case FileOperation.MakeDirectory make -> Optional.of(make.path());
            case FileOperation.Move move -> Optional.of(move.from());
            case FileOperation.Copy copy -> Optional.of(copy.from());
            case FileOperation.Remove remove -> Optional.of(remove.path());
            case FileOperation.SetAttributes set -> Optional.of(set.path());
            case FileOperation.SymbolicLink link -> Optional.of(link.path());
            case FileOperation.Watch watch -> Optional.of(watch.path());
            case FileOperation.Pack pack -> Optional.of(pack.path());
            case FileOperation.Unpack unpack -> Optional.of(unpack.directory());
            case FileOperation.Apply apply -> Optional.empty();
        };
    }
}
