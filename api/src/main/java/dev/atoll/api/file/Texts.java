package dev.atoll.api.file;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Bytes as text. */
final class Texts {
    private Texts() {}

    /** For people: what is not UTF-8 is replaced. */
    static String shown(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    /** The text, when the bytes are exactly that in UTF-8. */
    static Optional<String> exact(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            // No text: the caller sends base64.
            return Optional.empty();
        }
    }
}
