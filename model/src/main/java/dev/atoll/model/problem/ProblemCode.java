package dev.atoll.model.problem;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every problem a user can meet, by its stable code. Codes are API: they are added, never renamed. The constant's name in lower case is the
 * code on the wire; {@code title} says in a few words what kind of problem it is, and {@code retryable} whether the very same request may
 * succeed later.
 */
public enum ProblemCode {
    INVALID_REQUEST(ProblemKind.INVALID, "The request is not valid", false),
    INVALID_JSON(ProblemKind.INVALID, "The body is not valid JSON", false),
    UNKNOWN_FIELD(ProblemKind.INVALID, "The body has a field that does not exist", false),
    INVALID_ID(ProblemKind.INVALID, "The id is malformed or of another kind", false),
    INVALID_QUANTITY(ProblemKind.INVALID, "The quantity cannot be read or is out of range", false),
    INVALID_IDEMPOTENCY_KEY(ProblemKind.INVALID, "The idempotency key is not valid", false),
    INVALID_CURSOR(ProblemKind.INVALID, "The page cursor is not one of ours", false),
    INVALID_ENVIRONMENT(ProblemKind.INVALID, "An environment variable is not valid", false),
    INVALID_PATH(ProblemKind.INVALID, "The path is not valid", false),
    INVALID_COMMAND(ProblemKind.INVALID, "The command is not valid", false),
    UNAUTHENTICATED(ProblemKind.UNAUTHENTICATED, "No valid API key was sent", false),
    ORIGIN_REFUSED(ProblemKind.UNPROCESSABLE, "A page of this origin may not do this", false),
    ROUTE_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such resource", false),
    METHOD_NOT_ALLOWED(ProblemKind.METHOD_NOT_ALLOWED, "The resource does not have this method", false),
    NOT_ACCEPTABLE(ProblemKind.NOT_ACCEPTABLE, "None of the accepted media types can be produced", false),
    UNSUPPORTED_MEDIA_TYPE(ProblemKind.UNSUPPORTED_MEDIA_TYPE, "The content type is not supported here", false),
    BODY_TOO_LARGE(ProblemKind.TOO_LARGE, "The body is over the limit", false),
    ENVIRONMENT_TOO_LARGE(ProblemKind.TOO_LARGE, "Arguments and environment are over the limit", false),
    SANDBOX_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such sandbox", false),
    SANDBOX_NAME_TAKEN(ProblemKind.CONFLICT, "Another live sandbox has this name", false),
    SANDBOX_NOT_READY(ProblemKind.CONFLICT, "The sandbox is not running yet", true),
    SANDBOX_STOPPED(ProblemKind.CONFLICT, "The sandbox has ended", false),
    EXEC_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such exec", false),
    EXEC_ENDED(ProblemKind.CONFLICT, "The exec has ended", false),
    NOT_A_TERMINAL(ProblemKind.CONFLICT, "The exec does not run on a terminal", false),
    LIMIT_NOT_SUPPORTED(ProblemKind.UNPROCESSABLE, "The host's runtime cannot hold this limit", false),
    GUEST_TOO_OLD(ProblemKind.CONFLICT, "The sandbox was started by an older version that cannot do this", false),
    SESSION_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such shell session", false),
    SESSION_BUSY(ProblemKind.CONFLICT, "The shell session runs a command", true),
    TOO_MANY_SESSIONS(ProblemKind.TOO_MANY, "The sandbox has as many shell sessions as it may", false),
    SHELL_NOT_FOUND(ProblemKind.UNPROCESSABLE, "The sandbox has no such shell", false),
    CONTEXT_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such code context", false),
    CONTEXT_BUSY(ProblemKind.CONFLICT, "The code context runs something", true),
    CONTEXT_DEAD(ProblemKind.CONFLICT, "The kernel of the code context has ended", false),
    TOO_MANY_CONTEXTS(ProblemKind.TOO_MANY, "The sandbox has as many code contexts as it may", false),
    CONTEXT_RUN_NOT_FOUND(ProblemKind.NOT_FOUND, "The context has no such run", false),
    KERNEL_NOT_FOUND(ProblemKind.UNPROCESSABLE, "The sandbox has no kernel for this language", false),
    KERNEL_FAILED(ProblemKind.UNPROCESSABLE, "The kernel did not start", false),
    TOO_MANY_EXECS(ProblemKind.TOO_MANY, "The sandbox runs as many execs as it may", true),
    TOO_MANY_HOLDS(ProblemKind.TOO_MANY, "The sandbox has as many holds as it may", true),
    USER_NOT_FOUND(ProblemKind.UNPROCESSABLE, "The user does not exist in the sandbox", false),
    GROUP_NOT_FOUND(ProblemKind.UNPROCESSABLE, "The group does not exist in the sandbox", false),
    CWD_NOT_FOUND(ProblemKind.UNPROCESSABLE, "The working directory cannot be entered", false),
    SPAWN_FAILED(ProblemKind.UNPROCESSABLE, "The process could not be started", false),
    RUN_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such run", false),
    TOO_MANY_RUNS(ProblemKind.TOO_MANY, "The platform carries out as many runs as it may", true),
    COLLECT_LIMIT(ProblemKind.TOO_LARGE, "The collected files are over the limit", false),
    OUTPUT_GONE(ProblemKind.GONE, "Output before the retained part was let go", false),
    RETENTION_OVER(ProblemKind.GONE, "What was said is not kept any longer", false),
    OFFSET_BEYOND_END(ProblemKind.INVALID, "The offset lies beyond the end", false),
    INPUT_GAP(ProblemKind.CONFLICT, "Input before this offset has not arrived", true),
    INPUT_CLOSED(ProblemKind.CONFLICT, "The exec's stdin is closed", false),
    FILE_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such file in the sandbox", false),
    FILE_PERMISSION_DENIED(ProblemKind.UNPROCESSABLE, "The user may not do this with the file", false),
    PATH_OUTSIDE_WORKSPACE(ProblemKind.UNPROCESSABLE, "The path leads out of the workspace", false),
    IS_A_DIRECTORY(ProblemKind.UNPROCESSABLE, "It is a directory", false),
    NOT_A_DIRECTORY(ProblemKind.UNPROCESSABLE, "It is not a directory", false),
    FILE_EXISTS(ProblemKind.CONFLICT, "There is such a file", false),
    DIRECTORY_NOT_EMPTY(ProblemKind.CONFLICT, "The directory is not empty", false),
    FILE_CHANGED(ProblemKind.PRECONDITION, "The file is not as it was", false),
    SANDBOX_DISK_FULL(ProblemKind.UNPROCESSABLE, "The sandbox's disk is full", false),
    FILE_TOO_LARGE(ProblemKind.TOO_LARGE, "The file is over the limit", false),
    ARCHIVE_INVALID(ProblemKind.UNPROCESSABLE, "The archive cannot be read", false),
    PATTERN_INVALID(ProblemKind.INVALID, "The pattern cannot be read", false),
    FILE_SYSTEM_REFUSED(ProblemKind.UNPROCESSABLE, "The file system refused", false),
    TOO_MANY_TRANSFERS(ProblemKind.TOO_MANY, "As many transfers run as there may be", true),
    EDIT_NO_MATCH(ProblemKind.UNPROCESSABLE, "The text to be replaced is not in the file", false),
    EDIT_AMBIGUOUS(ProblemKind.UNPROCESSABLE, "The text to be replaced is in the file another number of times", false),
    RANGE_NOT_SATISFIABLE(ProblemKind.UNSATISFIABLE, "The file has no such range", false),
    WATCH_GONE(ProblemKind.GONE, "The watch has ended and what it saw is gone", false),
    TOO_MANY_WATCHES(ProblemKind.TOO_MANY, "As many watches are kept as there may be", true),
    URL_INVALID(ProblemKind.NOT_FOUND, "The signed URL is not one of ours", false),
    URL_EXPIRED(ProblemKind.GONE, "The signed URL has expired", false),
    URL_USED(ProblemKind.GONE, "The signed URL was used", false),
    IDEMPOTENCY_CONFLICT(ProblemKind.UNPROCESSABLE, "The idempotency key was used for another request", false),
    IMAGE_NOT_FOUND(ProblemKind.NOT_FOUND, "There is no such image", false),
    IMAGE_IN_USE(ProblemKind.CONFLICT, "The image is in use", true),
    IMAGE_INVALID(ProblemKind.UNPROCESSABLE, "The image cannot be accepted", false),
    IMAGE_TOO_LARGE(ProblemKind.TOO_LARGE, "The image is over the limit", false),
    IMAGE_BUILD_FAILED(ProblemKind.UNAVAILABLE, "The image could not be made", true),
    CAPACITY(ProblemKind.CAPACITY, "No host has room for this", true),
    DISK_FULL(ProblemKind.CAPACITY, "The disk is full", true),
    HOST_UNAVAILABLE(ProblemKind.UNAVAILABLE, "The host does not answer", true),
    SANDBOX_START_FAILED(ProblemKind.UNAVAILABLE, "The sandbox could not be started", true),
    CHECKPOINT_FAILED(ProblemKind.UNAVAILABLE, "The checkpoint could not be taken", true),
    CHECKPOINT_INVALID(ProblemKind.UNPROCESSABLE, "The checkpoint is incomplete or damaged", false),
    CHECKPOINT_INCOMPATIBLE(
            ProblemKind.UNPROCESSABLE, "The checkpoint is of another runtime or another kind of sandbox", false),
    RESTORE_FAILED(ProblemKind.UNAVAILABLE, "The sandbox could not be restored", true),
    STALE_GENERATION(ProblemKind.CONFLICT, "A newer command for this sandbox has been seen", false),
    DATABASE_UNAVAILABLE(ProblemKind.UNAVAILABLE, "The database does not answer", true),
    TOOL_MISSING(ProblemKind.UNAVAILABLE, "A tool this needs is not installed", false),
    RUNTIME_UNSUPPORTED(ProblemKind.UNAVAILABLE, "The gVisor runtime cannot be used", false),
    NOT_PERMITTED(ProblemKind.UNAVAILABLE, "The platform lacks a permission on this machine", false),
    SHUTTING_DOWN(ProblemKind.UNAVAILABLE, "The platform is shutting down", true),
    DEADLINE_EXCEEDED(ProblemKind.TIMEOUT, "The platform did not answer in time", true),
    INTERNAL(ProblemKind.INTERNAL, "The platform made a mistake", true);

    private static final Map<String, ProblemCode> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ProblemCode::code, Function.identity()));

    private final ProblemKind kind;
    private final String title;
    private final boolean retryable;

    ProblemCode(ProblemKind kind, String title, boolean retryable) {
        this.kind = kind;
        this.title = title;
        this.retryable = retryable;
    }

    /** The stable code as it appears on the wire, for instance {@code sandbox_not_found}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public ProblemKind kind() {
        return kind;
    }

    public String title() {
        return title;
    }

    public boolean retryable() {
        return retryable;
    }

    /** The code with this wire form, if there is one. */
    public static Optional<ProblemCode> of(String code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }
}
