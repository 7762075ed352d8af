package dev.atoll.cli.tar;

import java.nio.charset.StandardCharsets;

/**
 * The header of one entry.
 *
 * @param name bytes; of a directory without the slash at the end
 * @param mode permission bits
 * @param mtimeNanos nanoseconds within {@code mtimeSeconds}
 * @param link what a link points to; else empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TarEntry(byte[] name, Type type, int mode, long size, long mtimeSeconds, int mtimeNanos, byte[] link) {
    /** What an entry is. */
    public enum Type {
        FILE('0'),
        HARD_LINK('1'),
        SYMBOLIC_LINK('2'),
        DIRECTORY('5'),
        FIFO('6'),
        /** Devices and whatever else is not made here. */
        OTHER('?');

        final char flag;

        Type(char flag) {
            this.flag = flag;
        }
    }

    /** The name as it may stand on a terminal: whatever a sandbox called it, it stays one line and moves no cursor. */
    public String shownName() {
        StringBuilder shown = new StringBuilder();
        new String(name, StandardCharsets.UTF_8)
                .codePoints()
                .limit(200)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }
}
