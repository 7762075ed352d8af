package dev.atoll.imagecas.tar;

import java.util.Arrays;

/** One header block of 512 bytes, after POSIX ustar and GNU. */
final class HeaderBlock {
    static final int SIZE = 512;

    private static final int CHECKSUM_AT = 148;
    private static final int CHECKSUM_LENGTH = 8;

    private final byte[] block;

    HeaderBlock(byte[] block) {
        this.block = block;
    }

    boolean isZero() {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    void verifyChecksum() throws MalformedTarException {
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < SIZE; i++) {
            boolean own = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_LENGTH;
            unsigned += own ? ' ' : block[i] & 255;
            signed += own ? ' ' : block[i];
        }
        long stored = number(CHECKSUM_AT, CHECKSUM_LENGTH);
        if (stored != unsigned && stored != signed) {
            throw new MalformedTarException("a header of it has a wrong checksum, or it is not tar at all");
        }
    }

    char type() {
        return (char) (block[156] & 255);
    }

    /** The name with the ustar prefix before it. */
    byte[] name() {
        byte[] name = text(0, 100);
        boolean ustar =
                block[257] == 'u' && block[258] == 's' && block[259] == 't' && block[260] == 'a' && block[261] == 'r';
        byte[] prefix = ustar && block[262] == 0 ? text(345, 155) : new byte[0];
        if (prefix.length == 0) {
            return name;
        }
        byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
        whole[prefix.length] = '/';
        System.arraycopy(name, 0, whole, prefix.length + 1, name.length);
        return whole;
    }

    byte[] linkName() {
        return text(157, 100);
    }

    long mode() throws MalformedTarException {
        return number(100, 8);
    }

    long uid() throws MalformedTarException {
        return number(108, 8);
    }

    long gid() throws MalformedTarException {
        return number(116, 8);
    }

    long size() throws MalformedTarException {
        return number(124, 12);
    }

    long mtime() throws MalformedTarException {
        return number(136, 12);
    }

    byte at(int index) {
        return block[index];
    }

    /** Bytes up to the first NUL. */
    private byte[] text(int from, int length) {
        int end = from;
        while (end < from + length && block[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(block, from, end);
    }

    /** A number in octal, or in base 256 when the first bit is set. */
    long number(int from, int length) throws MalformedTarException {
        if ((block[from] & 0x80) != 0) {
            return base256(from, length);
        }
        int i = from;
        int end = from + length;
        while (i < end && (block[i] == ' ' || block[i] == 0)) {
            i++;
        }
        long value = 0;
        for (; i < end && block[i] != ' ' && block[i] != 0; i++) {
            int digit = block[i] - '0';
            if (digit < 0 || digit > 7) {
                throw new MalformedTarException(
                        "a header of it has a number that is not octal, or it is not tar at all");
            }
            value = value << 3 | digit;
        }
        return value;
    }

    private long base256(int from, int length) throws MalformedTarException {
        boolean negative = (block[from] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = from; i < from + length; i++) {
            int bits = i == from ? (block[i] & 0x3f) | (negative ? 0xc0 : 0) : block[i] & 255;
            long shifted = value << 8 | bits;
            if (shifted >> 8 != value) {
                throw new MalformedTarException("a header of it has a number that is too large");
            }
            value = shifted;
        }
        return value;
    }
}
