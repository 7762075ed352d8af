package dev.atoll.hostagent.grpc;

import io.grpc.Context;

/** Interrupts a thread when the call that it carries out is canceled or its time is over, and not any later. */
final class CanceledThread implements Context.CancellationListener, AutoCloseable {
    private final Context call;
    private final Thread thread;
    private boolean interrupted;
    private boolean over;

    private CanceledThread(Context call, Thread thread) {
        this.call = call;
        this.thread = thread;
    }

    /** From now on, this thread. */
    static CanceledThread with(Context call) {
        CanceledThread guard = new CanceledThread(call, Thread.currentThread());
        call.addListener(guard, Runnable::run);
        return guard;
    }

    @Override
    public synchronized void cancelled(Context context) {
        if (!over) {
            interrupted = true;
            thread.interrupt();
        }
    }

    /** The call is over; an interrupt that was meant for it stays with it. */
    @Override
    public void close() {
        call.removeListener(this);
        synchronized (this) {
            over = true;
            if (interrupted) {
                Thread.interrupted();
            }
        }
    }
}
