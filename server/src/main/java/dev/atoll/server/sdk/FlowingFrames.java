package dev.atoll.server.sdk;

import dev.atoll.protocol.v1.ServerFrame;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sending side of a call as blocking threads see it: whoever sends waits while the client is not ready for more, so that nothing piles
 * up here. Thread-safe.
 */
final class FlowingFrames {
    private final ServerCallStreamObserver<ServerFrame> call;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean over;

    /** To be made on the transport's thread, before the call's handler returns: only then handlers can be set. */
    FlowingFrames(ServerCallStreamObserver<ServerFrame> call, Runnable onLeft) {
        this.call = call;
        call.setOnReadyHandler(this::wake);
        call.setOnCancelHandler(() -> {
            wake();
            onLeft.run();
        });
    }

    /** Sends, waiting for the client; throws when it has left. */
    void send(ServerFrame frame) throws IOException {
        lock.lock();
        try {
            while (!call.isReady() && !call.isCancelled() && !over) {
                changed.awaitUninterruptibly();
            }
            if (call.isCancelled() || over) {
                throw new IOException("the client has left");
            }
            call.onNext(frame);
        } finally {
            lock.unlock();
        }
    }

    /** Sends if the client takes it at once and nobody else is sending; whether it was sent. */
    boolean trySend(ServerFrame frame) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            if (!call.isReady() || call.isCancelled() || over) {
                return false;
            }
            call.onNext(frame);
            return true;
        } finally {
            lock.unlock();
        }
    }

    void complete() {
        finish(call::onCompleted);
    }

    void fail(Throwable failed) {
        finish(() -> call.onError(failed));
    }

    private void finish(Runnable how) {
        lock.lock();
        try {
            if (!over && !call.isCancelled()) {
                how.run();
            }
            over = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
