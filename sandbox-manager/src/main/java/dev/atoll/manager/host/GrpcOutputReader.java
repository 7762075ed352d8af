package dev.atoll.manager.host;

import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.protocol.OutputMessages;
import dev.atoll.protocol.ProblemStatus;
import dev.atoll.protocol.host.v1.OutputChunk;
import dev.atoll.protocol.host.v1.ReadOutputRequest;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows output over gRPC. The host sends at most {@link #AHEAD} chunks more than were read: what is not read stays there. A stream that
 * the host ends for lack of output is opened again where it ended.
 */
final class GrpcOutputReader implements OutputReader {
    /** How long a stream may be without output before the host ends it. */
    static final Duration QUIET_FOR = Duration.ofMinutes(10);

    /** Chunks under way: enough to keep the host busy while one is being handed on, and a bound on our memory. */
    private static final int AHEAD = 2;

    /** What comes out of a stream. */
    private sealed interface Item {
        record Chunk(OutputPage page) implements Item {}

        record Failed(ProblemException why) implements Item {}

        record Over() implements Item {}
    }

    private final GrpcCalls calls;
    private final ReadOutputRequest request;
    private long offset;
    private @Nullable Stream stream;
    private boolean over;
    private volatile boolean closed;
    private volatile @Nullable Stream toCancel;

    GrpcOutputReader(GrpcCalls calls, ReadOutputRequest request) {
        this.calls = calls;
        this.request = request;
        this.offset = request.getOffset();
    }

    @Override
    public Optional<OutputPage> next(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (!over && !closed) {
            Stream current = stream != null ? stream : open();
            switch (current.take(Math.max(0, end - System.nanoTime()))) {
                case null -> {
                    return Optional.empty();
                }
                case Item.Chunk(OutputPage page) -> {
                    current.askForMore();
                    offset = page.nextOffset();
                    over = page.eof();
                    if (over || !page.frames().isEmpty()) {
                        return Optional.of(page);
                    }
                }
                case Item.Failed(ProblemException why) -> {
                    over = true;
                    if (!closed) {
                        throw why;
                    }
                }
                case Item.Over stopped -> stream = null;
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
        Stream current = toCancel;
        if (current != null) {
            current.cancel();
        }
    }

    private Stream open() {
        Stream opened = new Stream();
        stream = opened;
        calls.stub().readOutput(request.toBuilder().setOffset(offset).build(), opened);
        // Not before: a call that is cancelled while it starts throws.
        toCancel = opened;
        if (closed) {
            opened.cancel();
        }
        return opened;
    }

    private static final class Stream implements ClientResponseObserver<ReadOutputRequest, OutputChunk> {
        private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
        private volatile @Nullable ClientCallStreamObserver<ReadOutputRequest> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<ReadOutputRequest> started) {
            started.disableAutoRequestWithInitial(AHEAD);
            call = started;
        }

        @Override
        public void onNext(OutputChunk chunk) {
            items.add(new Item.Chunk(OutputMessages.toModel(chunk)));
        }

        @Override
        public void onError(Throwable failed) {
            items.add(new Item.Failed(ProblemStatus.toProblem(
                    Status.fromThrowable(failed).asRuntimeException(Status.trailersFromThrowable(failed)))));
        }

        @Override
        public void onCompleted() {
            items.add(new Item.Over());
        }

        @Nullable
        Item take(long nanos) {
            try {
                return items.poll(nanos, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Problem.of(ProblemCode.SHUTTING_DOWN, "The platform is shutting down.", "Ask again in a moment.")
                        .asException();
            }
        }

        void askForMore() {
            ClientCallStreamObserver<ReadOutputRequest> started = call;
            if (started != null) {
                started.request(1);
            }
        }

        void cancel() {
            ClientCallStreamObserver<ReadOutputRequest> started = call;
            if (started != null) {
                started.cancel("the reader is closed", null);
            }
        }
    }
}
