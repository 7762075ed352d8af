package dev.atoll.hostagent.grpc;

import dev.atoll.hostagent.files.FileConversation;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.protocol.FileEventMessages;
import dev.atoll.protocol.host.v1.FileBegin;
import dev.atoll.protocol.host.v1.FileReply;
import dev.atoll.protocol.host.v1.FileRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * One file operation over gRPC: what the caller sends goes into the box as fast as the box takes it, and what the box says goes out as fast
 * as the caller takes it. At most {@link #AHEAD} messages wait on the way in, one on the way out.
 */
final class FileExchangeCall implements StreamObserver<FileRequest> {
    /** Enough that the box is not idle while the next piece is on its way. */
    private static final int AHEAD = 4;

    private final ServerCallStreamObserver<FileReply> answer;
    private final FlowingCall<FileReply> call;
    private final Function<FileBegin, FileConversation> begin;
    private final Executor threads;
    private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(AHEAD + 2);

    private sealed interface Piece {
        record Message(FileRequest request) implements Piece {}

        /** The caller sends no more: it is wrong before {@code end}. */
        record Over() implements Piece {}
    }

    /** To be made on the transport's thread. */
    FileExchangeCall(
            ServerCallStreamObserver<FileReply> answer, Function<FileBegin, FileConversation> begin, Executor threads) {
        this.answer = answer;
        this.begin = begin;
        this.threads = threads;
        answer.disableAutoRequest();
        this.call = new FlowingCall<>(answer);
        answer.request(AHEAD);
    }

    /** Does the operation; blocks until it is over. */
    void run() {
        try {
            serve();
            call.complete();
        } catch (InterruptedException left) {
            Thread.currentThread().interrupt();
            fail(left);
        } catch (RuntimeException failed) {
            fail(failed);
        }
    }

    private void fail(Exception why) {
        if (!call.isCanceled()) {
            Calls.fail(answer, why);
        }
    }

    private void serve() throws InterruptedException {
        Thread waiting = Thread.currentThread();
        call.onCancel(waiting::interrupt);
        if (!(take() instanceof Piece.Message(FileRequest first)) || !first.hasBegin()) {
            throw invalid("The call does not say what to do.");
        }
        try (FileConversation conversation = begin.apply(first.getBegin())) {
            call.onCancel(conversation::giveUp);
            CompletableFuture<Void> fed = conversation.takesContent()
                    ? CompletableFuture.runAsync(() -> feed(conversation), threads)
                    : CompletableFuture.completedFuture(null);
            try {
                send(conversation);
            } finally {
                // What still waits to be sent goes nowhere any more; a feeder that waits for the box is let go.
                conversation.giveUp();
                pieces.clear();
                var _ = pieces.offer(new Piece.Over());
                fed.join();
            }
        }
    }

    private void send(FileConversation conversation) throws InterruptedException {
        Optional<FileEvent> event = conversation.next();
        while (event.isPresent()) {
            if (!call.awaitReady()) {
                return;
            }
            call.send(FileEventMessages.toMessage(event.get()));
            event = conversation.next();
        }
    }

    private void feed(FileConversation conversation) {
        try {
            while (true) {
                switch (take()) {
                    case Piece.Message(FileRequest request) -> {
                        if (request.hasEnd()) {
                            conversation.contentEnds();
                            return;
                        }
                        conversation.content(request.getContent().asReadOnlyByteBuffer());
                    }
                    case Piece.Over() -> {
                        // Without an end the operation must not come to its end.
                        conversation.giveUp();
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            conversation.giveUp();
        }
    }

    private Piece take() throws InterruptedException {
        Piece piece = pieces.take();
        if (piece instanceof Piece.Message) {
            answer.request(1);
        }
        return piece;
    }

    @Override
    public void onNext(FileRequest request) {
        var _ = pieces.offer(new Piece.Message(request));
    }

    @Override
    public void onError(Throwable gone) {
        var _ = pieces.offer(new Piece.Over());
    }

    @Override
    public void onCompleted() {
        var _ = pieces.offer(new Piece.Over());
    }

    private static ProblemException invalid(String detail) {
        return Problem.of(ProblemCode.INVALID_REQUEST, detail).asException();
    }
}
