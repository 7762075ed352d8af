package dev.atoll.imagecas.tar;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The next {@code size} bytes of a stream; the stream ending before is an error. */
final class CountedStream extends InputStream {
    private final InputStream source;
    private final long size;
    private long taken;

    CountedStream(InputStream source, long size) {
        this.source = source;
        this.size = size;
    }

    long taken() {
        return taken;
    }

    long left() {
        return size - taken;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (taken >= size) {
            return -1;
        }
        int got = source.read(target, from, (int) Math.min(length, size - taken));
        if (got < 0) {
            throw new EOFException();
        }
        taken += got;
        return got;
    }
}
