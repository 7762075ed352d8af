package dev.atoll.hostagent.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sending side of a streaming call, as a blocking thread sees it: it waits while the receiver is not ready for more. For one thread.
 */
final class FlowingCall<T> {
    private final ServerCallStreamObserver<T> call;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean canceled;
    private volatile Runnable onCancel = () -> {};

    /** To be made on the transport's thread, before the call's handler returns: only then handlers can be set. */
    FlowingCall(ServerCallStreamObserver<T> call) {
        this.call = call;
        call.setOnReadyHandler(this::wake);
        call.setOnCancelHandler(() -> {
            canceled = true;
            wake();
            onCancel.run();
        });
    }

    /** Runs once when the receiver leaves; at once when it has left already. */
    void onCancel(Runnable then) {
        onCancel = then;
        if (canceled) {
            then.run();
        }
    }

    boolean isCanceled() {
        return canceled || call.isCancelled();
    }

    /** Waits until the receiver takes more; false when it has left. */
    boolean awaitReady() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!isCanceled() && !call.isReady()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
        return !isCanceled();
    }

    void send(T message) {
        if (!isCanceled()) {
            call.onNext(message);
        }
    }

    void complete() {
        if (!isCanceled()) {
            call.onCompleted();
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
