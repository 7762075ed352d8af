package dev.atoll.manager.host;

import com.google.protobuf.UnsafeByteOperations;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.protocol.ProblemStatus;
import dev.atoll.protocol.host.v1.ImageReply;
import dev.atoll.protocol.host.v1.ImportImageRequest;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends one archive to a host as fast as the host takes it. For one use. */
final class GrpcUpload implements ClientResponseObserver<ImportImageRequest, ImageReply> {
    private static final int CHUNK_BYTES = 256 * 1024;

    private final GrpcCalls calls;
    private final Duration patience;
    private final CompletableFuture<ImageReply> reply = new CompletableFuture<>();

    /** Signalled whenever the call may have become ready or ended. */
    private final Semaphore changed = new Semaphore(0);

    private @Nullable ClientCallStreamObserver<ImportImageRequest> call;

    GrpcUpload(GrpcCalls calls, Duration patience) {
        this.calls = calls;
        this.patience = patience;
    }

    ImageReply send(String name, InputStream archive) {
        calls.stub()
                .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                .importImage(this);
        ClientCallStreamObserver<ImportImageRequest> open = Objects.requireNonNull(call, "set by beforeStart");
        try {
            sendWhenReady(open, ImportImageRequest.newBuilder().setName(name).build());
            sendAll(open, archive);
            return reply.get();
        } catch (IOException e) {
            open.cancel("the archive cannot be read", e);
            throw new ProblemException(
                    Problem.of(ProblemCode.IMAGE_INVALID, "The upload of the archive broke off.", "Send it again."), e);
        } catch (InterruptedException e) {
            open.cancel("interrupted", e);
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.SHUTTING_DOWN, "The platform is shutting down.", "Send it again.")
                    .asException();
        } catch (ExecutionException e) {
            throw ProblemStatus.toProblem(
                    Status.fromThrowable(e.getCause()).asRuntimeException(Status.trailersFromThrowable(e.getCause())));
        }
    }

    private void sendAll(ClientCallStreamObserver<ImportImageRequest> open, InputStream archive)
            throws IOException, InterruptedException {
        for (byte[] chunk = archive.readNBytes(CHUNK_BYTES);
                chunk.length > 0 && !reply.isDone();
                chunk = archive.readNBytes(CHUNK_BYTES)) {
            sendWhenReady(
                    open,
                    ImportImageRequest.newBuilder()
                            .setData(UnsafeByteOperations.unsafeWrap(chunk))
                            .build());
        }
        if (!reply.isDone()) {
            open.onCompleted();
        }
    }

    /** A host that has answered already has refused: then there is nobody to send to. */
    private void sendWhenReady(ClientCallStreamObserver<ImportImageRequest> open, ImportImageRequest message)
            throws InterruptedException {
        while (!open.isReady() && !reply.isDone()) {
            changed.acquire();
        }
        if (!reply.isDone()) {
            open.onNext(message);
        }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ImportImageRequest> started) {
        call = started;
        started.setOnReadyHandler(changed::release);
    }

    @Override
    public void onNext(ImageReply answer) {
        reply.complete(answer);
        changed.release();
    }

    @Override
    public void onError(Throwable failed) {
        reply.completeExceptionally(failed);
        changed.release();
    }

    @Override
    public void onCompleted() {
        reply.completeExceptionally(Status.INTERNAL.asRuntimeException());
        changed.release();
    }
}
