package dev.atoll.server.system;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads the binary form of followed output. */
final class FrameReader implements AutoCloseable {
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int END = 255;

    /** One frame; its bytes are the reader's buffer up to {@code length}. */
    record Frame(int kind, int length, long offset) {}

    private final DataInputStream in;
    private byte[] buffer = new byte[64 << 10];

    FrameReader(InputStream in) {
        this.in = new DataInputStream(in);
    }

    Frame next() throws IOException {
        int kind = in.readUnsignedByte();
        in.skipNBytes(3);
        int length = in.readInt();
        long offset = in.readLong();
        if (length > buffer.length) {
            buffer = new byte[length];
        }
        in.readFully(buffer, 0, length);
        return new Frame(kind, length, offset);
    }

    byte[] buffer() {
        return buffer;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
