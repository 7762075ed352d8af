package dev.atoll.bench.rest;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The output of an exec as {@code application/vnd.atoll.frames}: headers of 16 bytes, each followed by its bytes. For one thread. */
public final class FrameStream implements AutoCloseable {
    static final String MEDIA_TYPE = "application/vnd.atoll.frames";

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int PROBLEM = 254;
    private static final int END = 255;

    private final DataInputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    FrameStream(InputStream in) {
        this.in = new DataInputStream(new BufferedInputStream(in, BUFFER_BYTES));
    }

    /**
     * Reads to the end of the exec, and forgets what it reads.
     *
     * @return how many bytes of output there were
     * @throws IOException when the stream breaks off, tells of a problem, or a frame does not follow the one before it
     */
    public long drain() throws IOException {
        long next = 0;
        while (true) {
            int kind = in.read();
            if (kind < 0) {
                throw new EOFException("the output broke off at byte " + next);
            }
            in.skipNBytes(3);
            long length = Integer.toUnsignedLong(in.readInt());
            long offset = in.readLong();
            switch (kind) {
                case STDOUT, STDERR -> {
                    if (offset != next) {
                        throw new IOException("after byte " + next + " of output came byte " + offset);
                    }
                    pass(length);
                    next += length;
                }
                case END -> {
                    pass(length);
                    return next;
                }
                case PROBLEM -> throw new IOException(new String(in.readNBytes((int) length), StandardCharsets.UTF_8));
                default -> pass(length);
            }
        }
    }

    private void pass(long length) throws IOException {
        long left = length;
        while (left > 0) {
            int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (count < 0) {
                throw new EOFException("the output broke off within a frame");
            }
            left -= count;
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
