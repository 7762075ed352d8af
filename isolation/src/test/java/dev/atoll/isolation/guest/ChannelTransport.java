package dev.atoll.isolation.guest;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A guest's FIFOs through blocking channels: each blocked call costs a platform thread, which a test can afford. */
public final class ChannelTransport implements GuestTransport {
    private final FileChannel toGuest;
    private final FileChannel fromGuest;

    private ChannelTransport(FileChannel toGuest, FileChannel fromGuest) {
        this.toGuest = toGuest;
        this.fromGuest = fromGuest;
    }

    /** Opens both for reading and writing, so that neither open waits and no end of file is ever seen. */
    @SuppressWarnings("resource")
    public static ChannelTransport open(Path toGuest, Path fromGuest) throws IOException {
        return new ChannelTransport(
                new RandomAccessFile(toGuest.toFile(), "rw").getChannel(),
                new RandomAccessFile(fromGuest.toFile(), "rw").getChannel());
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        try {
            return fromGuest.read(buffer);
        } catch (ClosedChannelException e) {
            return -1;
        }
    }

    @Override
    public void write(ByteBuffer frame) throws IOException {
        int size = frame.remaining();
        int written = toGuest.write(frame);
        if (written != size) {
            throw new IOException("wrote " + written + " of " + size + " bytes");
        }
    }

    @Override
    public void close() {
        try {
            toGuest.close();
            fromGuest.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
