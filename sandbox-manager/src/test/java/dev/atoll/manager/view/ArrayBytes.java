package dev.atoll.manager.view;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Output in an array, which counts what is read of it. */
final class ArrayBytes implements OutputBytes {
    private final byte[] bytes;
    private final long first;
    long read;
    long largest;

    ArrayBytes(byte[] bytes) {
        this(bytes, 0);
    }

    ArrayBytes(byte[] bytes, long first) {
        this.bytes = bytes;
        this.first = first;
    }

    static ArrayBytes of(String text) {
        return new ArrayBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public long first() {
        return first;
    }

    @Override
    public long end() {
        return bytes.length;
    }

    @Override
    public byte[] read(long offset, long to) {
        if (offset < first || to < offset || to > bytes.length) {
            throw new IllegalArgumentException(offset + " to " + to);
        }
        read += to - offset;
        largest = Math.max(largest, to - offset);
        return Arrays.copyOfRange(bytes, (int) offset, (int) to);
    }
}
