package dev.atoll.bench.chaos;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a command prints: lines of ten digits that count upwards. No other command counts from the same number, so every byte tells
 * where it belongs.
 *
 * @param first the number in the first line; has ten digits, like the last
 * @param lines how many there are when all are printed
 */
record Pattern(long first, long lines) {
    /** Ten digits and a newline. */
    static final int LINE_BYTES = 11;

    private static final int DIGITS = LINE_BYTES - 1;
    private static final long LEAST = 1_000_000_000L;
    private static final long MOST = 9_999_999_999L;

    Pattern {
        if (first < LEAST || lines < 0 || first + lines > MOST) {
            throw new IllegalArgumentException("not ten digits: " + first + " and " + lines + " more");
        }
    }

    /** Nothing is printed. */
    static Pattern none() {
        return new Pattern(LEAST, 0);
    }

    long bytes() {
        return lines * LINE_BYTES;
    }

    /** The number in the last line. */
    long last() {
        return first + lines - 1;
    }

    /** So many bytes from an offset on. */
    byte[] slice(long offset, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = at(offset + i);
        }
        return bytes;
    }

    private byte at(long offset) {
        long place = offset % LINE_BYTES;
        if (place == DIGITS) {
            return '\n';
        }
        long number = first + offset / LINE_BYTES;
        for (long i = place; i < DIGITS - 1; i++) {
            number /= 10;
        }
        return (byte) ('0' + number % 10);
    }

    /** How output is not what it should be. */
    sealed interface Difference {
        /** Bytes are missing. */
        record Lost(long offset, long bytes) implements Difference {}

        /** Bytes came twice. */
        record Doubled(long offset, long bytes) implements Difference {}

        /** Something else is there. */
        record Foreign(long offset, String found) implements Difference {}

        /** There is more than is ever printed. */
        record TooLong(long offset) implements Difference {}
    }

    /** Where output that begins at an offset is first not what it should be; empty when it is. */
    Optional<Difference> compare(long offset, byte[] output) {
        for (int i = 0; i < output.length; i++) {
            long place = offset + i;
            if (place >= bytes()) {
                return Optional.of(new Difference.TooLong(place));
            }
            if (output[i] != at(place)) {
                return Optional.of(explain(place, output, i));
            }
        }
        return Optional.empty();
    }

    /** The first whole number behind the wrong byte says how far the rest is shifted. */
    private Difference explain(long place, byte[] output, int index) {
        for (int i = index; i + LINE_BYTES < output.length; i++) {
            if (output[i] == '\n') {
                String line = new String(output, i + 1, DIGITS, StandardCharsets.US_ASCII);
                if (line.matches("[0-9]{10}")) {
                    long belongsAt = (Long.parseLong(line) - first) * LINE_BYTES;
                    long shift = belongsAt - (place + (i + 1 - index));
                    if (belongsAt >= 0 && belongsAt < bytes() && shift != 0) {
                        return shift > 0 ? new Difference.Lost(place, shift) : new Difference.Doubled(place, -shift);
                    }
                }
                break;
            }
        }
        int length = Math.min(2 * LINE_BYTES, output.length - index);
        return new Difference.Foreign(place, new String(output, index, length, StandardCharsets.ISO_8859_1));
    }
}
