package dev.atoll.api.http;

import dev.atoll.api.problem.ProblemJson;
import dev.atoll.api.problem.ProblemStatus;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers, as a problem, what the HTTP server refuses before any route sees it: broken requests, long headers, ambiguous paths. */
final class JettyProblems extends ErrorHandler {
    private static final int REQUEST_TIMEOUT = 408;
    private static final int URI_TOO_LONG = 414;
    private static final int HEADERS_TOO_LARGE = 431;
    private static final int SERVER_ERROR = 500;

    private final RequestIds ids;

    JettyProblems(RequestIds ids) {
        this.ids = ids;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int status,
            String message,
            @Nullable Throwable cause,
            Callback callback) {
        Problem problem = problemOf(status);
        String requestId = ids.of(request.getHeaders().get(RequestIds.HEADER));
        response.setStatus(ProblemStatus.of(problem.code().kind()));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, ProblemJson.MEDIA_TYPE);
        response.getHeaders().put(RequestIds.HEADER, requestId);
        response.write(true, ByteBuffer.wrap(ProblemJson.bytes(problem, requestId)), callback);
    }

    private static Problem problemOf(int status) {
        return switch (status) {
            case REQUEST_TIMEOUT ->
                Problem.of(ProblemCode.DEADLINE_EXCEEDED, "The request did not arrive in time.", "Send it again.");
            case URI_TOO_LONG, HEADERS_TOO_LARGE ->
                Problem.of(
                        ProblemCode.BODY_TOO_LARGE,
                        "The request's line and headers have more than " + HttpLimits.MAX_HEADER_BYTES + " bytes.",
                        "Send less there.");
            default ->
                status == SERVER_ERROR
                        ? Problem.of(ProblemCode.INTERNAL, "The platform could not answer this request.", "Try again.")
                        : Problem.of(
                                ProblemCode.INVALID_REQUEST,
                                "The request is not well-formed HTTP, or its path is ambiguous.",
                                "Check the path, the headers and the encoding of both.");
        };
    }
}
