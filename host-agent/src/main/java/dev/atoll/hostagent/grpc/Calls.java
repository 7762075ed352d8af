package dev.atoll.hostagent.grpc;

import dev.atoll.model.problem.ProblemException;
import dev.atoll.protocol.ProblemStatus;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs calls on threads that may block and sends what they return or throw. */
final class Calls {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    private final Executor threads;

    /** What one call does. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws Exception;
    }

    /** What a call does that answers more than once; it does not complete the stream itself. */
    @FunctionalInterface
    interface StreamWork<T> {
        void run(FlowingCall<T> call) throws Exception;
    }

    Calls(Executor threads) {
        this.threads = threads;
    }

    <T> void answer(StreamObserver<T> answer, Work<T> work) {
        disregardCancellation(answer);
        threads.execute(() -> answerNow(answer, work));
    }

    /**
     * Like {@link #answer} on the thread that brings the call, which waits for it anyway where both ends are in one process: nobody has to
     * wake another. The thread is interrupted when the call is canceled or its time is over.
     */
    <T> void answerHere(StreamObserver<T> answer, Work<T> work) {
        disregardCancellation(answer);
        try (CanceledThread _ = CanceledThread.with(Context.current())) {
            answerNow(answer, work);
        }
    }

    /** Like {@link #answer} on this thread, which may block. */
    <T> void answerNow(StreamObserver<T> answer, Work<T> work) {
        try {
            T result = work.run();
            answer.onNext(result);
            answer.onCompleted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(answer, e);
        } catch (Exception e) {
            fail(answer, e);
        }
    }

    <T> void stream(StreamObserver<T> answer, StreamWork<T> work) {
        FlowingCall<T> call = new FlowingCall<>((ServerCallStreamObserver<T>) answer);
        threads.execute(() -> {
            try {
                work.run(call);
                call.complete();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                fail(answer, e);
            } catch (Exception e) {
                if (!call.isCanceled()) {
                    fail(answer, e);
                }
            }
        });
    }

    /** Without a handler, an answer to a caller who has left would be an exception. */
    static void disregardCancellation(StreamObserver<?> answer) {
        if (answer instanceof ServerCallStreamObserver<?> call) {
            call.setOnCancelHandler(() -> {});
        }
    }

    static void fail(StreamObserver<?> answer, Exception e) {
        if (!(e instanceof ProblemException)) {
            LOG.error("a call failed", e);
        }
        answer.onError(ProblemStatus.toStatus(e));
    }
}
