package dev.atoll.model.file;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A path inside a sandbox: bytes, as its kernel has them, of which only NUL is refused. A path that does not begin with '/' is relative to
 * the sandbox's working directory. Immutable; ordered by bytes, unsigned.
 */
public final class FilePath implements Comparable<FilePath> {
    /** The longest path a Linux kernel takes, without the NUL. */
    public static final int MAX_BYTES = 4_095;

    private final byte[] bytes;

    private FilePath(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Throws {@code invalid_path} when it is empty, too long or holds a NUL. */
    public static FilePath of(byte[] bytes) {
        boolean holdsNul = false;
        for (byte b : bytes) {
            holdsNul |= b == 0;
        }
        if (bytes.length == 0 || bytes.length > MAX_BYTES || holdsNul) {
            throw Problem.of(
                            ProblemCode.INVALID_PATH,
                            "The path is empty, over " + MAX_BYTES + " bytes or holds a NUL.",
                            "Send a path such as /home/user/file.txt, or one relative to the working directory.")
                    .asException();
        }
        return new FilePath(bytes.clone());
    }

    /** The path with these characters in UTF-8. */
    public static FilePath of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether {@link #text} loses nothing. */
    public boolean isText() {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException notUtf8) {
            return false;
        }
    }

    /** For people and for JSON: what is not UTF-8 is replaced by U+FFFD. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public int compareTo(FilePath other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FilePath path && Arrays.equals(bytes, path.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return text();
    }
}
