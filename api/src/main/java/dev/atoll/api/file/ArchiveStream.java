package dev.atoll.api.file;

import dev.atoll.api.http.HttpLimits;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A tar stream, unpacked if it was compressed. What is compressed wrongly is {@code archive_invalid}; what was compressed from more than an
 * archive may have is {@code body_too_large}, and no more than a window of it is ever in memory: its blocks go on to the sandbox, whose
 * disk is bounded, as they come out.
 */
final class ArchiveStream extends InputStream {
    private static final byte[] ZSTD_MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

    private final Watched source;
    private final InputStream tar;
    private long left = HttpLimits.MAX_ARCHIVE_BYTES;

    private ArchiveStream(Watched source, boolean compressed) throws IOException {
        this.source = source;
        this.tar = compressed ? new ZstdInputStream(source) : source;
    }

    static ArchiveStream of(InputStream body, boolean compressed) throws IOException {
        return new ArchiveStream(new Watched(body), compressed);
    }

    /** Decides by the first bytes. */
    static ArchiveStream guessed(InputStream body) throws IOException {
        PushbackInputStream again = new PushbackInputStream(body, ZSTD_MAGIC.length);
        byte[] head = again.readNBytes(ZSTD_MAGIC.length);
        again.unread(head);
        return of(again, Arrays.equals(head, ZSTD_MAGIC));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int n;
        try {
            n = tar.read(into, offset, length);
        } catch (MalformedInputException | IOException e) {
            throw source.failed(e);
        }
        left -= Math.max(0, n);
        if (left < 0) {
            throw Problem.of(
                            ProblemCode.BODY_TOO_LARGE,
                            "The archive has more than " + HttpLimits.MAX_ARCHIVE_BYTES + " bytes.",
                            "Send it in parts.")
                    .asException();
        }
        return n;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    /** Tells a client that left from an archive that is broken. */
    private static final class Watched extends FilterInputStream {
        private @Nullable IOException gone;

        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                gone = e;
                throw e;
            }
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                return super.read(into, offset, length);
            } catch (IOException e) {
                gone = e;
                throw e;
            }
        }

        private RuntimeException failed(Exception e) throws IOException {
            if (gone != null) {
                throw gone;
            }
            return new ProblemException(
                    Problem.of(
                            ProblemCode.ARCHIVE_INVALID,
                            "The body is not a whole zstd stream.",
                            "Send a tar compressed by zstd, to its end; or the tar itself with format=tar."),
                    e);
        }
    }
}
