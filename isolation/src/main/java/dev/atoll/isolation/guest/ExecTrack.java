package dev.atoll.isolation.guest;

import dev.atoll.isolation.guest.GuestProtocolException.Violation;
import dev.atoll.model.exec.StdStream;

/** What the link knows of one exec: enough to catch a guest that skips, repeats or overruns. */
final class ExecTrack {
    private final int exec;
    private final long[] received = new long[2];
    private final long[] acknowledged = new long[2];
    private long inputLimit;

    ExecTrack(int exec) {
        this.exec = exec;
    }

    static ExecTrack resumed(GuestExec reported, ResumePoint point) {
        ExecTrack track = new ExecTrack(reported.exec());
        track.place(StdStream.STDOUT, reported.stdout(), point.stdout());
        track.place(StdStream.STDERR, reported.stderr(), point.stderr());
        track.inputLimit = reported.inputLimit();
        return track;
    }

    private void place(StdStream stream, GuestExec.Output held, long offset) {
        if (offset < held.oldest() || offset > held.end()) {
            throw new GuestProtocolException(
                    Violation.OFFSET,
                    "exec " + exec + " " + stream.word() + ": the host's record ends at " + offset
                            + ", the guest holds " + held.oldest() + " to " + held.end());
        }
        received[stream.ordinal()] = offset;
        acknowledged[stream.ordinal()] = offset;
    }

    /** A view of output that came; it must begin where the last ended and stay within the window. */
    synchronized void receive(StdStream stream, long offset, int bytes, int window) {
        int at = stream.ordinal();
        if (offset != received[at] || offset + bytes - acknowledged[at] > window) {
            throw new GuestProtocolException(
                    Violation.OFFSET,
                    "exec " + exec + " " + stream.word() + ": " + bytes + " bytes at " + offset + " after "
                            + received[at] + ", acknowledged " + acknowledged[at]);
        }
        received[at] = offset + bytes;
    }

    synchronized void closed(StdStream stream, long end) {
        if (end != received[stream.ordinal()]) {
            throw new GuestProtocolException(
                    Violation.OFFSET, "exec " + exec + " " + stream.word() + " closed at " + end + " before its end");
        }
    }

    synchronized void acknowledge(StdStream stream, long offset) {
        int at = stream.ordinal();
        if (offset > received[at]) {
            throw new IllegalArgumentException("acknowledging " + offset + " after receiving " + received[at]);
        }
        acknowledged[at] = Math.max(acknowledged[at], offset);
    }

    synchronized void credit(long limit) {
        inputLimit = Math.max(inputLimit, limit);
    }

    /** How many of {@code wanted} bytes at {@code offset} the guest has room for. */
    synchronized int allowed(long offset, int wanted) {
        return (int) Math.clamp(inputLimit - offset, 0L, wanted);
    }
}
