package dev.atoll.bench.problem;

/** Why a benchmark cannot run or go on, for the person at the terminal. {@code Main} prints it; it has no stack trace. */
public final class BenchException extends RuntimeException {
    public static final int USAGE = 64;
    public static final int UNAVAILABLE = 69;
    public static final int INTERNAL = 70;
    public static final int CANNOT_CREATE = 73;

    private final String code;
    private final String hint;
    private final int exit;

    /**
     * @param code a stable word for the kind of problem
     * @param exit the exit code of the process
     * @param detail what was wrong this time
     * @param hint what to do about it; may be empty
     */
    public BenchException(String code, int exit, String detail, String hint) {
        super(detail, null, false, false);
        this.code = code;
        this.exit = exit;
        this.hint = hint;
    }

    /** What was typed cannot be understood. */
    public static BenchException usage(String detail) {
        return new BenchException("usage", USAGE, detail, "./atoll bench --help");
    }

    /** Something that the benchmark needs is missing or does not answer. */
    public static BenchException unavailable(String code, String detail, String hint) {
        return new BenchException(code, UNAVAILABLE, detail, hint);
    }

    public int exit() {
        return exit;
    }

    /** As the command line prints its problems. */
    public String text() {
        return "atoll: " + getMessage() + "\n" + (hint.isEmpty() ? "" : "  hint: " + hint + "\n") + "  code: " + code
                + "\n";
    }
}
