package dev.atoll.manager.view;

/** Where characters begin in UTF-8. */
final class Characters {
    private static final int CONTINUATION_MASK = 0xc0;
    private static final int CONTINUATION = 0x80;

    /** After the first byte of a character. */
    static final int MOST_CONTINUATIONS = 3;

    private Characters() {}

    static boolean continues(byte next) {
        return (next & CONTINUATION_MASK) == CONTINUATION;
    }

    /** The last place at or before {@code index} where no character is cut; {@code index} itself when the bytes are no text there. */
    static int boundaryAtOrBefore(byte[] bytes, int index) {
        int boundary = index;
        while (boundary > 0 && index - boundary < MOST_CONTINUATIONS && continues(bytes[boundary])) {
            boundary--;
        }
        return continues(bytes[boundary]) ? index : boundary;
    }
}
