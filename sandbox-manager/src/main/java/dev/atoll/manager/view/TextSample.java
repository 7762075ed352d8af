package dev.atoll.manager.view;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Tells text from other bytes by a look at the beginning and the end. */
final class TextSample {
    private static final int SAMPLE_BYTES = 8 << 10;

    /** So many bytes of a hundred may be no UTF-8 in what is still shown as text. */
    private static final int MOST_FOREIGN = 30;

    private TextSample() {}

    static boolean isBinary(OutputBytes source, long begin) {
        long end = source.end();
        byte[] first = source.read(begin, Math.min(end, begin + SAMPLE_BYTES));
        return looksBinary(first) || looksBinary(source.read(Math.max(begin, end - SAMPLE_BYTES), end));
    }

    static boolean isUtf8(byte[] bytes, int length) {
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
            return true;
        } catch (CharacterCodingException e) {
            // That is the answer.
            return false;
        }
    }

    private static boolean looksBinary(byte[] sample) {
        for (byte next : sample) {
            if (next == 0) {
                return true;
            }
        }
        if (isUtf8(sample, sample.length)) {
            return false;
        }
        long foreign = new String(sample, StandardCharsets.UTF_8)
                .chars()
                .filter(c -> c == 0xfffd)
                .count();
        // A cut at either end makes up to six.
        return sample.length > 16 ? foreign * 100 > (long) MOST_FOREIGN * sample.length : foreign == sample.length;
    }
}
