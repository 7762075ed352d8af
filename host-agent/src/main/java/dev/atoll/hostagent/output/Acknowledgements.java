package dev.atoll.hostagent.output;

import dev.atoll.model.exec.StdStream;

/**
 * What may be acknowledged and what has been. Small steps are saved up: an acknowledgement is a write to the guest. Sends outside of
 * every lock,
 * one at a time and in order, whoever calls.
 */
final class Acknowledgements {
    /** Bytes of a stream worth an acknowledgement; well below the guest's window, so saving up never stops a process. */
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

    void send() {
        while (true) {
            long stdout;
            long stderr;
            synchronized (this) {
                stdout = due(stdoutAllowed, stdoutSent);
                stderr = due(stderrAllowed, stderrSent);
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

    private static long due(long allowed, long sent) {
        return allowed - sent >= STEP_BYTES ? allowed : sent;
    }
}
