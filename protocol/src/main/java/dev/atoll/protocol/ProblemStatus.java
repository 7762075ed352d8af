package dev.atoll.protocol;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.problem.ProblemKind;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The one translation between problems and gRPC. A problem travels in the trailers of a failed call, so that the other side gets exactly
 * what was raised; the gRPC code beside it serves generic tooling only.
 */
public final class ProblemStatus {
    private static final Metadata.Key<String> CODE =
            Metadata.Key.of("atoll-problem-code", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> DETAIL = text("atoll-problem-detail-bin");
    private static final Metadata.Key<byte[]> HINT = text("atoll-problem-hint-bin");
    private static final Metadata.Key<byte[]> NEXT = text("atoll-problem-next-bin");

    private ProblemStatus() {}

    /** What a server sends for anything thrown: problems as they are, everything else as {@code internal} without its text. */
    public static StatusRuntimeException toStatus(Throwable thrown) {
        if (thrown instanceof StatusRuntimeException status) {
            return status;
        }
        Problem problem = thrown instanceof ProblemException carried
                ? carried.problem()
                : Problem.of(ProblemCode.INTERNAL, "The host made a mistake.", "Its log has the details.");
        Metadata trailers = new Metadata();
        trailers.put(CODE, problem.code().code());
        trailers.put(DETAIL, problem.detail().getBytes(StandardCharsets.UTF_8));
        trailers.put(HINT, problem.hint().getBytes(StandardCharsets.UTF_8));
        trailers.put(NEXT, problem.next().getBytes(StandardCharsets.UTF_8));
        return statusOf(problem.code().kind())
                .withDescription(problem.code().code())
                .withCause(thrown)
                .asRuntimeException(trailers);
    }

    /** What a client raises for a failed call: the problem that was sent, or one that says how the call itself failed. */
    public static ProblemException toProblem(StatusRuntimeException failed) {
        return new ProblemException(sent(failed).orElseGet(() -> ofTransport(failed.getStatus())), failed);
    }

    private static Optional<Problem> sent(StatusRuntimeException failed) {
        Metadata trailers = failed.getTrailers();
        String code = trailers == null ? null : trailers.get(CODE);
        if (trailers == null || code == null) {
            return Optional.empty();
        }
        ProblemCode known = ProblemCode.of(code).orElse(ProblemCode.INTERNAL);
        return Optional.of(new Problem(known, read(trailers, DETAIL), read(trailers, HINT), read(trailers, NEXT)));
    }

    private static Problem ofTransport(Status status) {
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED ->
                Problem.of(ProblemCode.DEADLINE_EXCEEDED, "The host did not answer in time.", "Ask again.");
            case UNAVAILABLE ->
                Problem.of(ProblemCode.HOST_UNAVAILABLE, "The host does not answer.", "Ask again in a moment.");
            case CANCELLED ->
                Problem.of(ProblemCode.HOST_UNAVAILABLE, "The call to the host was cancelled.", "Ask again.");
            case RESOURCE_EXHAUSTED -> Problem.of(ProblemCode.BODY_TOO_LARGE, "The message to the host was too large.");
            default -> Problem.of(ProblemCode.INTERNAL, "The call to the host failed: " + status.getCode() + ".");
        };
    }

    private static Status statusOf(ProblemKind kind) {
        return switch (kind) {
            case INVALID, UNPROCESSABLE, UNSUPPORTED_MEDIA_TYPE, NOT_ACCEPTABLE, METHOD_NOT_ALLOWED ->
                Status.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
            case NOT_FOUND -> Status.NOT_FOUND;
            case CONFLICT, PRECONDITION -> Status.FAILED_PRECONDITION;
            case GONE, UNSATISFIABLE -> Status.OUT_OF_RANGE;
            case TOO_LARGE, TOO_MANY, CAPACITY -> Status.RESOURCE_EXHAUSTED;
            case UNAVAILABLE -> Status.UNAVAILABLE;
            case TIMEOUT -> Status.DEADLINE_EXCEEDED;
            case INTERNAL -> Status.INTERNAL;
        };
    }

    private static Metadata.Key<byte[]> text(String name) {
        return Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
    }

    private static String read(Metadata trailers, Metadata.Key<byte[]> key) {
        byte[] bytes = trailers.get(key);
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
