package dev.atoll.cli.terminal;

import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text that is read whole. */
public final class Utf8Text {
    private Utf8Text() {}

    /**
     * All of {@code in} as text. A problem when it cannot be read, is longer than {@code most} bytes or is not UTF-8.
     *
     * @param what names it in problems
     */
    public static String of(String what, InputStream in, int most) {
        byte[] bytes;
        try {
            bytes = in.readNBytes(most + 1);
        } catch (IOException unreadable) {
            throw Problem.of(
                            "file_unreadable",
                            ExitCode.NOT_FOUND,
                            what + " cannot be read: " + unreadable.getMessage() + ".",
                            "Check the path.")
                    .asException();
        }
        if (bytes.length > most) {
            throw Problem.usage(
                            what + " has more than " + most + " bytes.", "Copy a file into the sandbox and run that.")
                    .asException();
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw Problem.usage(what + " is not UTF-8 text.", "").asException();
        }
    }
}
