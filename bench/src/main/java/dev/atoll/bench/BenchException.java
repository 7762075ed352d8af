package dev.atoll.bench;

/** Why a benchmark cannot run or go on, for the person at the terminal. {@code Main} prints it; it has no stack trace. */
final class BenchException extends RuntimeException {
    static final int USAGE = 64;
    static final int UNAVAILABLE = 69;
    static final int INTERNAL = 70;
    static final int CANNOT_CREATE = 73;

    private final String code;
    private final String hint;
    private final int exit;

    BenchException(String code, int exit, String detail, String hint) {
        super(detail, null, false, false);
        this.code = code;
        this.exit = exit;
        this.hint = hint;
    }

    static BenchException usage(String detail) {
        return new BenchException("usage", USAGE, detail, "./atoll bench --help");
    }

    int exit() {
        return exit;
    }

    /** As the command line prints its problems. */
    String text() {
        return "atoll: " + getMessage() + "\n" + (hint.isEmpty() ? "" : "  hint: " + hint + "\n") + "  code: " + code
                + "\n";
    }
}
