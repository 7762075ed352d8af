package dev.atoll.manager.view;

/**
 * The end of output: as many whole lines as fit, or as were asked for. A line that does not fit is cut when without it less than half the
 * room would be used. Holds one window of raw bytes at a time, which grows until it holds enough.
 */
final class TailPart {
    private static final int FIRST_WINDOW = 64 << 10;
    private static final int GROWTH = 4;

    private final OutputBytes source;
    private final boolean clean;
    private final long lowest;
    private final int room;
    private final int lines;
    private final TextBytes text = new TextBytes();
    private long start;

    private TailPart(OutputBytes source, boolean clean, long lowest, int room, int lines) {
        this.source = source;
        this.clean = clean;
        this.lowest = lowest;
        this.room = room;
        this.lines = lines;
        this.start = source.end();
    }

    /** The last {@code lines} lines that begin at {@code lowest} or later. */
    static TailPart of(OutputBytes source, boolean clean, long lowest, int room, int lines) {
        TailPart tail = new TailPart(source, clean, lowest, room, lines);
        tail.fill();
        return tail;
    }

    TextBytes text() {
        return text;
    }

    /** The raw offset of the first byte that is shown. */
    long start() {
        return start;
    }

    private void fill() {
        long window = FIRST_WINDOW;
        boolean enough = false;
        while (!enough) {
            long base = Math.max(lowest, source.end() - window);
            boolean whole = base == lowest || window >= HeadPart.MAX_WINDOW;
            enough = fill(base, source.read(base, source.end()), whole);
            window *= GROWTH;
        }
    }

    /**
     * Fills the text from the lines of a window.
     *
     * @param whole whether the window's first line is to be taken as one, because there will be no larger window
     * @return false when a larger window may hold more that fits
     */
    private boolean fill(long base, byte[] bytes, boolean whole) {
        int high = bytes.length;
        int used = 0;
        for (int taken = 0; high > 0 && taken < lines; taken++) {
            int lineFeed = bytes[high - 1] == '\n' ? 1 : 0;
            int low = lineStart(bytes, high - lineFeed);
            if (low == 0 && !whole) {
                return false;
            }
            CleanLine line = new CleanLine(bytes, low, high - lineFeed, clean);
            int size = line.length() + lineFeed;
            boolean partOfOne = low == 0 && base > lowest;
            if (partOfOne || used + size > room) {
                if (used < room / 2 && room - used > lineFeed) {
                    int index = line.appendEnd(text, room - used - lineFeed);
                    if (text.length() > 0) {
                        start = base + index;
                        append(bytes, high - lineFeed);
                        return true;
                    }
                }
                break;
            }
            used += size;
            high = low;
        }
        start = base + high;
        append(bytes, high);
        return true;
    }

    /** Appends the rest of the window, which begins within a line or with one. */
    private void append(byte[] bytes, int from) {
        int low = from;
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                new CleanLine(bytes, low, i, clean).appendTo(text);
                text.lineFeed();
                low = i + 1;
            }
        }
        new CleanLine(bytes, low, bytes.length, clean).appendTo(text);
    }

    private static int lineStart(byte[] bytes, int end) {
        int start = end;
        while (start > 0 && bytes[start - 1] != '\n') {
            start--;
        }
        return start;
    }
}
