package dev.atoll.imagecas.content;

import java.util.Arrays;

/** Finds stretches of zeros, which files keep as holes. */
public final class Zeros {
    private static final byte[] BLOCK = new byte[BodySpool.ALIGNMENT];

    private Zeros() {}

    /** Whether {@code length} bytes from {@code from} are all zero; at most one block. */
    public static boolean at(byte[] bytes, int from, int length) {
        return bytes[from] == 0 && Arrays.equals(bytes, from, from + length, BLOCK, 0, length);
    }
}
