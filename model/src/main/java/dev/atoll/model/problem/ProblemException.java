package dev.atoll.model.problem;

/** Carries a {@link Problem} up to the edge, where exactly one class per transport turns it into an answer. */
public final class ProblemException extends RuntimeException {
    private final transient Problem problem;

    public ProblemException(Problem problem) {
        this(problem, null);
    }

    /** {@code cause} is for the platform's own log; it never reaches the user. */
    public ProblemException(Problem problem, @org.jspecify.annotations.Nullable Throwable cause) {
        super(problem.code().code() + ": " + problem.detail(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
