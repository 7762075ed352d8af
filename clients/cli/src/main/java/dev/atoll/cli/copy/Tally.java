package dev.atoll.cli.copy;

import dev.atoll.cli.terminal.Bytes;
import dev.atoll.cli.terminal.Progress;

/** Counts what was copied and tells it. Used by one thread. */
final class Tally {
    /** Making the text for each small file costs more than to copy it. */
    private static final int TOLD_ENTRIES = 64;

    private static final long TOLD_BYTES = 256 * 1_024;

    private final Progress progress;
    private final long total;
    private long entries;
    private long bytes;
    private long toldBytes;

    /** @param total bytes that will be copied, or 0 when nobody knows */
    Tally(Progress progress, long total) {
        this.progress = progress;
        this.total = total;
    }

    void entry() {
        entries++;
        if (entries % TOLD_ENTRIES == 0) {
            tell();
        }
    }

    void bytes(long count) {
        bytes += count;
        if (bytes - toldBytes >= TOLD_BYTES) {
            tell();
        }
    }

    private void tell() {
        toldBytes = bytes;
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
