package dev.atoll.manager.host;

import com.google.protobuf.ByteString;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.protocol.FileEventMessages;
import dev.atoll.protocol.ProblemStatus;
import dev.atoll.protocol.host.v1.FileBegin;
import dev.atoll.protocol.host.v1.FileContentEnd;
import dev.atoll.protocol.host.v1.FileReply;
import dev.atoll.protocol.host.v1.FileRequest;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A file operation over gRPC. The host sends at most {@link #AHEAD} messages more than were read. */
final class GrpcFileExchange implements FileExchange, ClientResponseObserver<FileRequest, FileReply> {
    private static final int AHEAD = 4;

    /** The most content in one message. */
    private static final int CHUNK_BYTES = 256 * 1024;

    /** What comes of the call. */
    private sealed interface Item {
        record Event(FileEvent event) implements Item {}

        record Failed(ProblemException why) implements Item {}
    }

    private final FileBegin begin;
    private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile @Nullable ClientCallStreamObserver<FileRequest> call;
    private volatile @Nullable ProblemException failed;
    private volatile boolean over;
    private volatile boolean closed;
    private boolean told;

    GrpcFileExchange(FileBegin begin) {
        this.begin = begin;
    }

    void open(GrpcCalls calls) {
        calls.stub().exchangeFiles(this);
        call().onNext(FileRequest.newBuilder().setBegin(begin).build());
    }

    @Override
    public void send(ByteBuffer data) {
        while (data.hasRemaining()) {
            int length = Math.min(data.remaining(), CHUNK_BYTES);
            ByteString chunk = ByteString.copyFrom(data, length);
            if (awaitReady()) {
                call().onNext(FileRequest.newBuilder().setContent(chunk).build());
            }
        }
    }

    @Override
    public void sent() {
        if (awaitReady()) {
            call().onNext(FileRequest.newBuilder()
                    .setEnd(FileContentEnd.getDefaultInstance())
                    .build());
            call().onCompleted();
        }
    }

    /** Waits until the host takes more; false when nobody wants it any more. Throws what the operation failed by. */
    private boolean awaitReady() {
        lock.lock();
        try {
            while (!closed && !over && failed == null && !call().isReady()) {
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw shuttingDown();
        } finally {
            lock.unlock();
        }
        ProblemException why = failed;
        if (why != null && !closed) {
            throw new ProblemException(why.problem(), why);
        }
        return !closed && !over;
    }

    @Override
    public Optional<FileEvent> next(Duration patience) {
        if (told || closed) {
            return Optional.empty();
        }
        Item item;
        try {
            item = patience.isPositive() ? items.poll(patience.toNanos(), TimeUnit.NANOSECONDS) : items.poll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw shuttingDown();
        }
        return switch (item) {
            case null -> Optional.empty();
            case Item.Event(FileEvent event) -> {
                call().request(1);
                told = event instanceof FileEvent.Done;
                yield Optional.of(event);
            }
            case Item.Failed(ProblemException why) -> {
                told = true;
                if (closed) {
                    yield Optional.empty();
                }
                throw why;
            }
        };
    }

    @Override
    public void close() {
        closed = true;
        wake();
        if (!over) {
            call().cancel("the exchange is closed", null);
        }
    }

    private ClientCallStreamObserver<FileRequest> call() {
        ClientCallStreamObserver<FileRequest> started = call;
        if (started == null) {
            throw new IllegalStateException("the call has not begun");
        }
        return started;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<FileRequest> started) {
        started.disableAutoRequestWithInitial(AHEAD);
        started.setOnReadyHandler(this::wake);
        call = started;
    }

    @Override
    public void onNext(FileReply reply) {
        try {
            items.add(new Item.Event(FileEventMessages.toModel(reply)));
        } catch (ProblemException unknown) {
            fail(unknown);
        }
    }

    @Override
    public void onError(Throwable broken) {
        fail(ProblemStatus.toProblem(
                Status.fromThrowable(broken).asRuntimeException(Status.trailersFromThrowable(broken))));
    }

    @Override
    public void onCompleted() {
        over = true;
        wake();
    }

    private void fail(ProblemException why) {
        failed = why;
        over = true;
        items.add(new Item.Failed(why));
        wake();
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static ProblemException shuttingDown() {
        return Problem.of(ProblemCode.SHUTTING_DOWN, "The platform is shutting down.", "Ask again in a moment.")
                .asException();
    }
}
