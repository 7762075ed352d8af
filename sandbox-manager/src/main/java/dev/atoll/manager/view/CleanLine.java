package dev.atoll.manager.view;

/**
 * One line of output as it looks after it was printed: of a line that was drawn over with carriage returns the last state, without escape
 * sequences (ECMA-48: CSI, OSC and the other strings, two-byte ones) and without control characters but tab. A sequence that does not end
 * in its line ends with it, so that nothing broken swallows what follows. Bytes that are no text stay as they are.
 */
final class CleanLine {
    private static final byte ESCAPE = 0x1b;
    private static final byte BELL = 0x07;
    private static final byte DELETE = 0x7f;

    private enum State {
        TEXT,
        ESCAPED,
        CONTROL_SEQUENCE,
        STRING,
        STRING_ESCAPED,
        INTERMEDIATE
    }

    private final byte[] bytes;
    private final int from;
    private final int to;
    private final boolean clean;

    /** The line in {@code bytes} from {@code from} to {@code to}, without its line feed. */
    CleanLine(byte[] bytes, int from, int to, boolean clean) {
        this.bytes = bytes;
        this.clean = clean;
        this.to = clean && to > from && bytes[to - 1] == '\r' ? withoutReturns(bytes, from, to) : to;
        this.from = clean ? lastState(bytes, from, this.to) : from;
    }

    private static int withoutReturns(byte[] bytes, int from, int to) {
        int end = to;
        while (end > from && bytes[end - 1] == '\r') {
            end--;
        }
        return end;
    }

    private static int lastState(byte[] bytes, int from, int to) {
        int start = to;
        while (start > from && bytes[start - 1] != '\r') {
            start--;
        }
        return start;
    }

    private interface Sink {
        /** Takes a byte that is shown, which lies at {@code index}; false ends the walk. */
        boolean take(byte shown, int index);
    }

    /** How many bytes are shown. */
    int length() {
        int[] count = {0};
        walk((shown, index) -> {
            count[0]++;
            return true;
        });
        return count[0];
    }

    /** Appends what is shown. */
    void appendTo(TextBytes text) {
        walk((shown, index) -> {
            text.add(shown);
            return true;
        });
    }

    /**
     * Appends the longest beginning of at most {@code most} bytes that ends between two characters, and answers the index in the raw bytes
     * behind it.
     */
    int appendBeginning(TextBytes text, int most) {
        TextBytes shownAll = new TextBytes();
        int[] indexes = new int[most + 1];
        walk((shown, index) -> {
            indexes[shownAll.length()] = index;
            shownAll.add(shown);
            return shownAll.length() <= most;
        });
        int fit = Math.min(most, shownAll.length());
        if (fit < shownAll.length()) {
            fit = Characters.boundaryAtOrBefore(shownAll.array(), fit);
        }
        text.add(shownAll.array(), 0, fit);
        return fit == 0 ? from : fit < shownAll.length() ? indexes[fit] : to;
    }

    /**
     * Puts the longest end of at most {@code most} bytes that begins between two characters into {@code text}, and answers the index in the
     * raw bytes at which it begins.
     */
    int appendEnd(TextBytes text, int most) {
        int skip = Math.max(0, length() - most);
        int[] seen = {0};
        int[] begin = {-1};
        walk((shown, index) -> {
            int past = seen[0]++ - skip;
            if (begin[0] < 0 && past >= 0 && (!Characters.continues(shown) || past > Characters.MOST_CONTINUATIONS)) {
                begin[0] = index;
            }
            if (begin[0] >= 0) {
                text.add(shown);
            }
            return true;
        });
        return begin[0] < 0 ? to : begin[0];
    }

    private void walk(Sink sink) {
        if (!clean) {
            for (int i = from; i < to; i++) {
                if (!sink.take(bytes[i], i)) {
                    return;
                }
            }
            return;
        }
        State state = State.TEXT;
        for (int i = from; i < to; i++) {
            byte next = bytes[i];
            boolean shown = state == State.TEXT && isText(next);
            state = after(state, next);
            if (shown && !sink.take(next, i)) {
                return;
            }
        }
    }

    private static boolean isText(byte next) {
        return next < 0 || next == '\t' || (next >= ' ' && next != DELETE);
    }

    private static State after(State state, byte next) {
        return switch (state) {
            case TEXT -> next == ESCAPE ? State.ESCAPED : State.TEXT;
            case ESCAPED -> afterEscape(next);
            case INTERMEDIATE -> next >= ' ' && next < '0' ? State.INTERMEDIATE : State.TEXT;
            case CONTROL_SEQUENCE ->
                next == ESCAPE ? State.ESCAPED : next >= ' ' && next < '@' ? State.CONTROL_SEQUENCE : State.TEXT;
            case STRING -> next == BELL ? State.TEXT : next == ESCAPE ? State.STRING_ESCAPED : State.STRING;
            case STRING_ESCAPED ->
                next == '\\' ? State.TEXT : next == ESCAPE ? State.STRING_ESCAPED : afterEscape(next);
        };
    }

    private static State afterEscape(byte next) {
        return switch (next) {
            case '[' -> State.CONTROL_SEQUENCE;
            case ']', 'P', 'X', '^', '_' -> State.STRING;
            case ESCAPE -> State.ESCAPED;
            default -> next >= ' ' && next < '0' ? State.INTERMEDIATE : State.TEXT;
        };
    }
}
