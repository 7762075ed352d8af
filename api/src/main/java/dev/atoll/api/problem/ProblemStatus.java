package dev.atoll.api.problem;

import dev.atoll.model.problem.ProblemKind;

/** The HTTP status of each family of problems. The only place that knows. */
public final class ProblemStatus {
    private ProblemStatus() {}

    public static int of(ProblemKind kind) {
        return switch (kind) {
            case INVALID -> 400;
            case UNAUTHENTICATED -> 401;
            case NOT_FOUND -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case NOT_ACCEPTABLE -> 406;
            case CONFLICT -> 409;
            case GONE -> 410;
            case PRECONDITION -> 412;
            case TOO_LARGE -> 413;
            case UNSUPPORTED_MEDIA_TYPE -> 415;
            case UNSATISFIABLE -> 416;
            case UNPROCESSABLE -> 422;
            case TOO_MANY -> 429;
            case INTERNAL -> 500;
            case CAPACITY, UNAVAILABLE -> 503;
            case TIMEOUT -> 504;
        };
    }
}
