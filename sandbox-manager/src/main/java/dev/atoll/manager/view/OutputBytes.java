package dev.atoll.manager.view;

/** The bytes of one output, by offset, as far as they were written when it was looked at. For one thread. */
interface OutputBytes {
    /** The lowest offset that can be read. */
    long first();

    /** The offset behind the last byte. */
    long end();

    /** The bytes from {@code offset} up to {@code to}, which are both within the two bounds. */
    byte[] read(long offset, long to);
}
