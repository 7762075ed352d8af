package dev.atoll.api.http;

import dev.atoll.api.json.Shown;
import dev.atoll.api.key.Authentication;
import dev.atoll.api.problem.ProblemStatus;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of every request: it gets a name, its key is checked before anything else of it is read, then its query, then the operation
 * runs, and whatever goes wrong becomes a problem here. Thread-safe.
 */
final class Dispatch {
    private static final Logger log = LoggerFactory.getLogger(Dispatch.class);

    /** The operation under which requests that match no route are counted. */
    private static final String NO_ROUTE = "none";

    /** What the HTTP server reads and drops by itself when an operation did not. */
    private static final int SMALL_BODY_BYTES = 16 << 10;

    private final RouteTable table;
    private final Authentication authentication;
    private final RequestIds ids;
    private final HttpMetrics metrics;
    private final RequestMemory memory;

    Dispatch(
            RouteTable table,
            Authentication authentication,
            RequestIds ids,
            HttpMetrics metrics,
            RequestMemory memory) {
        this.table = table;
        this.authentication = authentication;
        this.ids = ids;
        this.metrics = metrics;
        this.memory = memory;
    }

    Handler of(Route route) {
        return context -> counted(context, route.operationId(), requestId -> {
            ServerTiming timing = ServerTiming.of(context.req());
            timing.times().during(() -> {
                Caller caller = route.access() == Access.KEY ? timing.authenticating(() -> caller(context)) : null;
                Query query = Query.parse(context.req().getQueryString(), route.query());
                try (RequestMemory.Share share =
                        memory.share(caller == null ? "" : caller.workspace().value())) {
                    route.operation().run(new Call(context, query, caller, requestId, timing, share));
                }
            });
        });
    }

    /** Answers a request for which there is no route: its path does not exist, or not with this method. */
    void withoutRoute(Context context) {
        counted(context, NO_ROUTE, requestId -> {
            Set<String> methods = table.methodsOf(context.path());
            if (methods.isEmpty()) {
                throw Problem.of(
                                ProblemCode.ROUTE_NOT_FOUND,
                                "There is no resource '" + Shown.of(context.path()) + "'.",
                                "The contract lists them all.")
                        .withNext("GET /openapi.yaml")
                        .asException();
            }
            String allow = String.join(", ", methods);
            context.res().setHeader("Allow", allow);
            if (context.req().getMethod().equals("OPTIONS")) {
                context.res().setStatus(HttpServletResponse.SC_NO_CONTENT);
                context.res().setContentType(null);
                return;
            }
            throw Problem.of(
                            ProblemCode.METHOD_NOT_ALLOWED,
                            "This resource has no " + Shown.of(context.req().getMethod()) + ".",
                            "It has " + allow + ".")
                    .asException();
        });
    }

    private Caller caller(Context context) {
        return authentication.callerOf(context.req().getHeader("Authorization"));
    }

    /** What is done for a request that has its name. */
    private interface Step {
        void run(String requestId) throws IOException;
    }

    private void counted(Context context, String operation, Step step) {
        HttpMetrics.Running running = metrics.begin();
        String requestId = ids.of(context.req().getHeader(RequestIds.HEADER));
        context.res().setHeader(RequestIds.HEADER, requestId);
        try {
            step.run(requestId);
            skipUnreadBody(context);
        } catch (IOException e) {
            gone(context, requestId, e);
        } catch (ProblemException e) {
            told(context, requestId, e.problem(), e);
        } catch (RuntimeException | Error e) {
            told(context, requestId, mistake(requestId), e);
        } finally {
            metrics.end(running, operation, context.res().getStatus());
        }
    }

    private static Problem mistake(String requestId) {
        return Problem.of(
                ProblemCode.INTERNAL,
                "The platform made a mistake that it did not expect.",
                "Try again; if it stays, tell the operator the request id " + requestId + ".");
    }

    private void told(Context context, String requestId, Problem problem, Throwable cause) {
        if (ProblemStatus.of(problem.code().kind()) >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
            logServerProblem(context, requestId, problem, cause);
        }
        HttpServletResponse response = context.res();
        try {
            if (response.isCommitted()) {
                throw new IOException("the answer had begun: " + problem.code().code());
            }
            response.resetBuffer();
            boolean unread = problem.code() == ProblemCode.BODY_TOO_LARGE || hasUnreadBody(context.req());
            if (unread) {
                response.setHeader("Connection", "close");
            }
            Answers.problem(response, problem, requestId);
            if (unread) {
                response.flushBuffer();
                BodyReader.drop(context.req());
            }
        } catch (IOException e) {
            gone(context, requestId, e);
        }
    }

    /**
     * After an answer that needed no body, or not all of it. A client that waits to be asked for its body is not asked: what it sends next
     * would be its next request.
     */
    private static void skipUnreadBody(Context context) throws IOException {
        if (context.req().getHeader("Expect") == null && hasUnreadBody(context.req())) {
            context.res().flushBuffer();
            BodyReader.drop(context.req());
        }
    }

    /**
     * Whether there is a body that the server will not read to its end by itself. A small one that is there already is skipped and the
     * connection lives on; one that is still under way would make the server close it without a word, under the client's next request.
     */
    private static boolean hasUnreadBody(HttpServletRequest request) throws IOException {
        long length = request.getContentLengthLong();
        boolean chunked = request.getHeader("Transfer-Encoding") != null;
        if ((length <= 0 && !chunked) || request.getInputStream().isFinished()) {
            return false;
        }
        return chunked || length > SMALL_BODY_BYTES || request.getInputStream().available() < length;
    }

    private static void logServerProblem(
            Context context, String requestId, Problem problem, @Nullable Throwable cause) {
        String line = context.req().getMethod() + " " + Shown.of(context.path());
        if (problem.code() == ProblemCode.INTERNAL) {
            log.error(
                    "{}: {} was answered with {}",
                    requestId,
                    line,
                    problem.code().code(),
                    cause);
        } else if (problem.code() == ProblemCode.CAPACITY) {
            // A full house is the caller's to deal with, and may come a thousand times a second.
            log.debug("{}: {} was answered with {}: {}", requestId, line, "capacity", problem.detail());
        } else {
            log.warn(
                    "{}: {} was answered with {}: {}",
                    requestId,
                    line,
                    problem.code().code(),
                    problem.detail());
        }
    }

    /** The client left, or sends no more; what it had asked of a sandbox goes on. */
    private static void gone(Context context, String requestId, IOException e) {
        log.debug("{}: the client of {} left: {}", requestId, Shown.of(context.path()), e.toString());
        if (context.res().isCommitted()) {
            breakOff(context.req(), e);
            return;
        }
        // It may still read, and must not take an empty answer for a success.
        HttpServletResponse response = context.res();
        try {
            response.resetBuffer();
            response.setHeader("Connection", "close");
            Answers.problem(response, unfinished(e), requestId);
            response.flushBuffer();
        } catch (IOException | IllegalStateException left) {
            log.debug("{}: nobody was there to be told: {}", requestId, left.toString());
            breakOff(context.req(), e);
        }
    }

    private static Problem unfinished(IOException e) {
        boolean late = e.getCause() instanceof TimeoutException;
        return Problem.of(
                late ? ProblemCode.DEADLINE_EXCEEDED : ProblemCode.INVALID_REQUEST,
                late
                        ? "Nothing of the body has come for " + HttpLimits.IDLE_TIMEOUT.toSeconds() + " s."
                        : "The body broke off, or is not well-formed HTTP.",
                "Send it again, whole.");
    }

    /** Closes the connection, so that the client of an answer that has begun does not take what it got for the whole. */
    private static void breakOff(HttpServletRequest request, IOException cause) {
        ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close(cause);
    }
}
