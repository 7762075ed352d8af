package dev.atoll.manager.view;

/**
 * The beginning of output: as many whole lines as fit. A line that does not fit is cut when without it less than half the room would be
 * used. Holds one window of raw bytes at a time.
 */
final class HeadPart {
    /** The longest line that is looked at, and with it the largest window: 4 MiB. */
    static final int MAX_WINDOW = 4 << 20;

    /** Raw bytes that are looked at for the few that are shown: progress bars write megabytes for one line. */
    private static final long MAX_RAW = 2L * MAX_WINDOW;

    private static final int FIRST_WINDOW = 64 << 10;
    private static final int GROWTH = 4;

    private final OutputBytes source;
    private final boolean clean;
    private final int room;
    private final TextBytes text = new TextBytes();
    private long end;

    private HeadPart(OutputBytes source, boolean clean, long from, int room) {
        this.source = source;
        this.clean = clean;
        this.room = room;
        this.end = from;
    }

    static HeadPart of(OutputBytes source, boolean clean, long from, int room) {
        HeadPart head = new HeadPart(source, clean, from, room);
        head.fill(from);
        return head;
    }

    TextBytes text() {
        return text;
    }

    /** The raw offset behind the last byte that is shown. */
    long end() {
        return end;
    }

    private void fill(long from) {
        int window = FIRST_WINDOW;
        while (end < source.end() && end - from < MAX_RAW) {
            long base = end;
            byte[] bytes = source.read(base, Math.min(source.end(), base + window));
            boolean last = base + bytes.length >= source.end();
            if (!takeLines(base, bytes, last)) {
                return;
            }
            if (end == base) {
                if (window >= MAX_WINDOW) {
                    cut(base, bytes, 0, bytes.length);
                    return;
                }
                window *= GROWTH;
            }
        }
    }

    /** Takes the whole lines in a window; false when the room is used up. */
    private boolean takeLines(long base, byte[] bytes, boolean last) {
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                if (!take(base, bytes, start, i, 1)) {
                    return false;
                }
                start = i + 1;
            }
        }
        return !last || start == bytes.length || take(base, bytes, start, bytes.length, 0);
    }

    private boolean take(long base, byte[] bytes, int from, int to, int lineFeed) {
        CleanLine line = new CleanLine(bytes, from, to, clean);
        if (text.length() + line.length() + lineFeed > room) {
            if (text.length() < room / 2) {
                cut(base, bytes, from, to);
            }
            return false;
        }
        line.appendTo(text);
        if (lineFeed > 0) {
            text.lineFeed();
        }
        end = base + to + lineFeed;
        return true;
    }

    private void cut(long base, byte[] bytes, int from, int to) {
        int before = text.length();
        int index = new CleanLine(bytes, from, to, clean).appendBeginning(text, room - before);
        if (text.length() > before) {
            end = base + index;
        }
    }
}
