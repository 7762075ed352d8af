package dev.atoll.cli.problem;

/** Carries a {@link Problem} up to {@code Main}, the one place that prints it. It has no stack trace: nothing would ever show it. */
public final class ProblemException extends RuntimeException {
    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
