package dev.atoll.cli.terminal;

import dev.atoll.cli.timing.Timing;

/**
 * Says on stderr what is being waited for, once the wait has lasted longer than a second. On a terminal one line is rewritten;
 * elsewhere a line is added when the text changes, and at most every few seconds. Used by one thread.
 */
public final class Progress implements AutoCloseable {
    /** A wait shorter than this is not worth a word, in milliseconds. */
    static final long QUIET_MILLIS = 1_000;
    /** Shortest time between two lines when stderr is not a terminal, in milliseconds. */
    static final long LINE_GAP_MILLIS = 5_000;
    /** Longest text on a rewritten line, so that it does not wrap, in characters. */
    private static final int MAX_WIDTH = 100;

    private final StandardStreams streams;
    private final Timing timing;
    private final boolean quiet;
    private final String what;
    private final long start;
    private String lastShown = "";
    private long lastShownAtMillis = -LINE_GAP_MILLIS;
    private boolean lineIsOpen;

    private Progress(StandardStreams streams, Timing timing, boolean quiet, String what) {
        this.streams = streams;
        this.timing = timing;
        this.quiet = quiet;
        this.what = what;
        this.start = timing.nanos();
    }

    /** Begins a wait for {@code what}, for instance {@code "starting the local platform"}; says nothing at all when {@code quiet}. */
    public static Progress of(StandardStreams streams, Timing timing, boolean quiet, String what) {
        return new Progress(streams, timing, quiet, what);
    }

    /** Tells how far it is; {@code detail} may be empty. Called as often as the caller likes. */
    public void at(String detail) {
        long waited = timing.millisSince(start);
        if (quiet || waited < QUIET_MILLIS) {
            return;
        }
        String shown = detail.isEmpty() ? what : what + ": " + detail;
        if (streams.kinds().errorIsTerminal()) {
            rewrite(shown + " (" + waited / 1_000 + " s)");
        } else if (!shown.equals(lastShown) && waited - lastShownAtMillis >= LINE_GAP_MILLIS) {
            streams.note("atoll: " + shown + "\n");
            lastShown = shown;
            lastShownAtMillis = waited;
        }
    }

    private void rewrite(String shown) {
        String line = shown.length() <= MAX_WIDTH ? shown : shown.substring(0, MAX_WIDTH - 1) + "…";
        streams.note("\r\u001b[K" + "atoll: " + line);
        lineIsOpen = true;
    }

    /** Takes the rewritten line away again. */
    @Override
    public void close() {
        if (lineIsOpen) {
            streams.note("\r\u001b[K");
            lineIsOpen = false;
        }
    }
}
