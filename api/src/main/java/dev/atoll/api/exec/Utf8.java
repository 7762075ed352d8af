package dev.atoll.api.exec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** Bytes of a process as JSON: text when they are UTF-8, base64 when they are not, so that none is lost either way. */
public final class Utf8 {
    private static final int CONTINUATION_MASK = 0xc0;
    private static final int CONTINUATION = 0x80;
    private static final int LONGEST_CHARACTER = 4;

    private Utf8() {}

    public static void write(JsonGenerator json, byte[] bytes) {
        Optional<String> text = decoded(bytes);
        if (text.isPresent()) {
            json.writeStringProperty("text", text.get());
            json.writeNullProperty("base64");
        } else {
            json.writeNullProperty("text");
            json.writeStringProperty("base64", Base64.getEncoder().encodeToString(bytes));
        }
    }

    /** How many of the first {@code length} bytes do not cut a character in two; {@code length} itself when the bytes are no text there. */
    public static int wholeCharacters(byte[] bytes, int length) {
        int end = length;
        while (end > 0 && length - end < LONGEST_CHARACTER && (bytes[end - 1] & CONTINUATION_MASK) == CONTINUATION) {
            end--;
        }
        if (end == 0 || length - end == LONGEST_CHARACTER) {
            return length;
        }
        int lead = bytes[end - 1] & 0xff;
        int size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : LONGEST_CHARACTER;
        return end - 1 + size > length ? end - 1 : length;
    }

    private static Optional<String> decoded(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            // Not text: the caller sends base64.
            return Optional.empty();
        }
    }
}
