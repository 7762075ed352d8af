package dev.atoll.hostagent.output;

import dev.atoll.model.exec.StdStream;

/**
 * What may be acknowledged and what has been. Small steps are saved up: an acknowledgement is a write to the guest. Sends outside of
 * every lock,
 * one at a time and in order, whoever calls.
 */
final class Acknowledgements {
    private static final int SHORT_WINDOW_BYTES = 16 * 1024;

    /** Bytes of a stream worth an acknowledgement; well below the guest's usual window, so saving up does not stop a process. */
    static final int STEP_BYTES = 128 * 1024;

    private final Acknowledger acknowledger;
    private long stdoutAllowed;
    private long stderrAllowed;
    private long stdoutSent;
    private long stderrSent;
    private boolean sending;

    Acknowledgements(Acknowledger acknowledger) {
        this.acknowledger = acknowledger;
    }

    synchronized void allow(long stdout, long stderr) {
        stdoutAllowed = stdout;
        stderrAllowed = stderr;
    }

    /**
     * Sends what is worth it.
     *
     * @return whether so much is left that a guest which is short of memory might wait for it: its window is less than a step then
     */
    boolean send() {
        send(STEP_BYTES);
        synchronized (this) {
            return Math.max(stdoutAllowed - stdoutSent, stderrAllowed - stderrSent) >= SHORT_WINDOW_BYTES / 2;
        }
    }

    /** Sends all that there is. */
    void sendAll() {
        send(1);
    }

    private void send(int step) {
        while (true) {
            long stdout;
            long stderr;
            synchronized (this) {
                stdout = due(stdoutAllowed, stdoutSent, step);
                stderr = due(stderrAllowed, stderrSent, step);
                if (sending || (stdout == stdoutSent && stderr == stderrSent)) {
                    return;
                }
                sending = true;
            }
            try {
                if (stdout > stdoutSent) {
                    acknowledger.acknowledge(StdStream.STDOUT, stdout);
                }
                if (stderr > stderrSent) {
                    acknowledger.acknowledge(StdStream.STDERR, stderr);
                }
            } finally {
                synchronized (this) {
                    stdoutSent = stdout;
                    stderrSent = stderr;
                    sending = false;
                }
            }
        }
    }

    private static long due(long allowed, long sent, int step) {
        return allowed - sent >= step ? allowed : sent;
    }
}
