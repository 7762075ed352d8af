package dev.atoll.api.http;

import dev.atoll.api.problem.ProblemJson;
import dev.atoll.api.problem.ProblemStatus;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemKind;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Writes whole answers. */
final class Answers {
    /** What a client is told to wait before it tries again, when a try makes sense. */
    private static final int RETRY_AFTER_SECONDS = 1;

    private Answers() {}

    static void write(HttpServletResponse response, int status, String mediaType, byte[] body) throws IOException {
        response.setStatus(status);
        response.setContentType(mediaType);
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    static void problem(HttpServletResponse response, Problem problem, String requestId) throws IOException {
        ProblemKind kind = problem.code().kind();
        if (kind == ProblemKind.UNAUTHENTICATED) {
            response.setHeader("WWW-Authenticate", "Bearer realm=\"atoll\"");
        }
        if (problem.code().retryable() && kind != ProblemKind.INTERNAL) {
            response.setIntHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
        write(response, ProblemStatus.of(kind), ProblemJson.MEDIA_TYPE, ProblemJson.bytes(problem, requestId));
    }
}
