package dev.atoll.manager.view;

import java.util.Arrays;

/** Bytes of text that grow as they come. */
final class TextBytes {
    private static final int LEAST = 256;

    private byte[] bytes = new byte[LEAST];
    private int length;

    void add(byte next) {
        grow(1);
        bytes[length++] = next;
    }

    void add(byte[] more, int from, int count) {
        grow(count);
        System.arraycopy(more, from, bytes, length, count);
        length += count;
    }

    void add(TextBytes more) {
        add(more.bytes, 0, more.length);
    }

    void lineFeed() {
        add((byte) '\n');
    }

    boolean isAtLineStart() {
        return length == 0 || bytes[length - 1] == '\n';
    }

    int length() {
        return length;
    }

    /** What there is so far: valid up to {@link #length} and until more is added. */
    byte[] array() {
        return bytes;
    }

    private void grow(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }
}
