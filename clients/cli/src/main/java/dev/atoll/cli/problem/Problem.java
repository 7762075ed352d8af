package dev.atoll.cli.problem;

/**
 * What went wrong, for the person at the terminal and for scripts.
 *
 * @param code stable code; the platform's own, or one of the constants here
 * @param detail what was wrong this time
 * @param hint what to do about it, or empty
 * @param requestId the platform's name for the failed request, or empty; it finds the request in the platform's log
 * @param retryable whether the same request may succeed later
 * @param exit the exit code of every command but {@code run} and {@code exec}
 */
public record Problem(String code, String detail, String hint, String requestId, boolean retryable, ExitCode exit) {
    /** Nothing listens at the platform's address. */
    public static final String UNREACHABLE = "platform_unreachable";
    /** There is neither {@code ATOLL_API_KEY} nor a key file. */
    public static final String KEY_MISSING = "key_missing";
    /** The exit code said by whoever cannot be understood as Atoll. */
    public static final String NOT_ATOLL = "not_atoll";

    public static Problem of(String code, ExitCode exit, String detail, String hint) {
        return new Problem(code, detail, hint, "", false, exit);
    }

    public static Problem usage(String detail, String hint) {
        return of("usage", ExitCode.USAGE, detail, hint);
    }

    public ProblemException asException() {
        return new ProblemException(this);
    }

    public boolean is(String otherCode) {
        return code.equals(otherCode);
    }
}
