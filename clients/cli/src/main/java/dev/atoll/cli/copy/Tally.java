package dev.atoll.cli.copy;

import dev.atoll.cli.terminal.Bytes;
import dev.atoll.cli.terminal.Progress;

/** Counts what was copied and tells it. Used by one thread. */
final class Tally {
    private final Progress progress;
    private final long total;
    private long entries;
    private long bytes;

    /** @param total bytes that will be copied, or 0 when nobody knows */
    Tally(Progress progress, long total) {
        this.progress = progress;
        this.total = total;
    }

    void entry() {
        entries++;
        tell();
    }

    void bytes(long count) {
        bytes += count;
        tell();
    }

    private void tell() {
        String of = total > 0 ? " of " + Bytes.shown(total) : "";
        progress.at(Bytes.shown(bytes) + of + (entries > 1 ? ", " + entries + " files" : ""));
    }

    long entries() {
        return entries;
    }

    long bytes() {
        return bytes;
    }
}
