package dev.atoll.isolation.files;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.util.Map;
import java.util.Optional;

/** What the service says as problems. The only place that knows which errno is which code. */
final class FilesProblems {
    private static final Map<Integer, ProblemCode> CODES = Map.ofEntries(
            Map.entry(1, ProblemCode.FILE_PERMISSION_DENIED),
            Map.entry(2, ProblemCode.FILE_NOT_FOUND),
            Map.entry(13, ProblemCode.FILE_PERMISSION_DENIED),
            Map.entry(17, ProblemCode.FILE_EXISTS),
            Map.entry(20, ProblemCode.NOT_A_DIRECTORY),
            Map.entry(21, ProblemCode.IS_A_DIRECTORY),
            Map.entry(27, ProblemCode.FILE_TOO_LARGE),
            Map.entry(28, ProblemCode.SANDBOX_DISK_FULL),
            Map.entry(36, ProblemCode.INVALID_PATH),
            Map.entry(39, ProblemCode.DIRECTORY_NOT_EMPTY),
            Map.entry(122, ProblemCode.SANDBOX_DISK_FULL));

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "EPERM"),
            Map.entry(2, "ENOENT"),
            Map.entry(5, "EIO"),
            Map.entry(6, "ENXIO"),
            Map.entry(9, "EBADF"),
            Map.entry(11, "EAGAIN"),
            Map.entry(12, "ENOMEM"),
            Map.entry(13, "EACCES"),
            Map.entry(16, "EBUSY"),
            Map.entry(17, "EEXIST"),
            Map.entry(18, "EXDEV"),
            Map.entry(19, "ENODEV"),
            Map.entry(20, "ENOTDIR"),
            Map.entry(21, "EISDIR"),
            Map.entry(22, "EINVAL"),
            Map.entry(23, "ENFILE"),
            Map.entry(24, "EMFILE"),
            Map.entry(26, "ETXTBSY"),
            Map.entry(27, "EFBIG"),
            Map.entry(28, "ENOSPC"),
            Map.entry(30, "EROFS"),
            Map.entry(31, "EMLINK"),
            Map.entry(36, "ENAMETOOLONG"),
            Map.entry(38, "ENOSYS"),
            Map.entry(39, "ENOTEMPTY"),
            Map.entry(40, "ELOOP"),
            Map.entry(75, "EOVERFLOW"),
            Map.entry(95, "EOPNOTSUPP"),
            Map.entry(122, "EDQUOT"));

    private FilesProblems() {}

    static ProblemException of(FilesFailure failure) {
        String path = failure.path();
        return switch (failure.reason()) {
            case SYSTEM -> ofErrno(failure);
            case BAD_REQUEST -> problem(ProblemCode.INVALID_REQUEST, "The sandbox does not take this request.", "");
            case NOT_REGULAR ->
                problem(
                        ProblemCode.FILE_SYSTEM_REFUSED,
                        path + " is a FIFO, a socket or a device: it has no content to read or write here.",
                        "Use a command for it.");
            case CHANGED ->
                problem(
                        ProblemCode.FILE_CHANGED,
                        path + " does not have the expected content.",
                        "Read it again and repeat the change on what is there now.");
            case ARCHIVE ->
                problem(
                        ProblemCode.ARCHIVE_INVALID,
                        "The archive cannot be unpacked from byte " + failure.at() + " on"
                                + (path.isEmpty() ? "." : ", near " + path + "."),
                        "Send a whole tar stream (ustar, pax or GNU) whose names do not lead out of the directory.");
            case PATTERN ->
                problem(
                        ProblemCode.PATTERN_INVALID,
                        "The pattern cannot be used: " + path,
                        "Files are named by patterns as in .gitignore; lines by POSIX extended expressions, or literally.");
            case TOO_DEEP ->
                problem(
                        ProblemCode.INVALID_PATH,
                        path + " lies deeper than " + FilesProtocol.MAX_DEPTH
                                + " directories, or its path is too long.",
                        "Begin further down.");
            case TOO_MANY ->
                problem(
                        ProblemCode.FILE_TOO_LARGE,
                        "That is more than can be done in one operation: " + path,
                        "Do it in several, or on a smaller directory.");
            case NO_USER -> problem(ProblemCode.USER_NOT_FOUND, "The sandbox has no user " + path + ".", "");
            case NO_GROUP -> problem(ProblemCode.GROUP_NOT_FOUND, "The sandbox has no group of " + path + ".", "");
            case NO_DIRECTORY ->
                problem(
                        ProblemCode.CWD_NOT_FOUND,
                        "The working directory " + path + " cannot be entered (" + name(failure.errno()) + ").",
                        "Send a path that begins with '/'.");
            case CUT_SHORT -> problem(ProblemCode.INVALID_REQUEST, "The content of " + path + " is incomplete.", "");
            case INTO_ITSELF ->
                problem(ProblemCode.FILE_SYSTEM_REFUSED, "It cannot be copied or moved into itself: " + path, "");
            case OUTSIDE ->
                problem(
                        ProblemCode.PATH_OUTSIDE_WORKSPACE,
                        path + " leads out of the workspace.",
                        "Name something in it, without '..'; absolute links, and links that climb above it, are not followed.");
        };
    }

    private static ProblemException ofErrno(FilesFailure failure) {
        Optional<ProblemCode> known = Optional.ofNullable(CODES.get(failure.errno()));
        String detail = "The sandbox could not " + failure.step().verb() + " " + failure.path() + " ("
                + name(failure.errno()) + ").";
        String hint =
                known.filter(code -> code == ProblemCode.SANDBOX_DISK_FULL).isPresent()
                        ? "Remove files, or create a sandbox with more disk."
                        : "";
        return problem(known.orElse(ProblemCode.FILE_SYSTEM_REFUSED), detail, hint);
    }

    private static String name(int errno) {
        return NAMES.getOrDefault(errno, "errno " + errno);
    }

    private static ProblemException problem(ProblemCode code, String detail, String hint) {
        return Problem.of(code, detail, hint).asException();
    }
}
