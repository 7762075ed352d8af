package dev.atoll.cli.http;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * The output of an exec as {@code application/vnd.atoll.frames}: headers of 16 bytes, each followed by its bytes, which are read
 * in pieces so that no frame is ever held whole. Read by one thread; {@link #close()} may be called by another and ends a read
 * that waits.
 */
public final class FrameStream implements AutoCloseable {
    /** Longest silence before the stream is taken for dead, in milliseconds; the platform sends a keep-alive every 15 s. */
    static final int SILENCE_MILLIS = 60_000;

    private static final String MEDIA_TYPE = "application/vnd.atoll.frames";

    /** What a frame is; kinds that are not among these are skipped by their readers. */
    public static final int STDOUT = 1;

    public static final int STDERR = 2;
    public static final int PROBLEM = 254;
    public static final int END = 255;

    /**
     * The header of a frame.
     *
     * @param kind one of the kinds above, or another
     * @param length how many bytes follow
     * @param offset where the first of them lies in the output
     */
    public record Header(int kind, long length, long offset) {}

    private final HttpURLConnection connection;
    private final DataInputStream in;

    private FrameStream(HttpURLConnection connection, DataInputStream in) {
        this.connection = connection;
        this.in = in;
    }

    static FrameStream open(Connections connections, String path) throws IOException {
        HttpURLConnection connection = connections.open("GET", path, SILENCE_MILLIS);
        connection.setRequestProperty("Accept", MEDIA_TYPE);
        if (connection.getResponseCode() != 200) {
            throw Problems.read(Connections.answer(connection)).asException();
        }
        if (!MEDIA_TYPE.equals(connection.getContentType())) {
            throw Problems.notAtoll("it does not send output frames").asException();
        }
        return new FrameStream(connection, new DataInputStream(connection.getInputStream()));
    }

    /** The next header, or null when the stream ended between two frames. */
    public @Nullable Header next() throws IOException {
        int kind = in.read();
        if (kind < 0) {
            return null;
        }
        in.skipNBytes(3);
        long length = Integer.toUnsignedLong(in.readInt());
        return new Header(kind, length, in.readLong());
    }

    /** Reads at least one and at most {@code most} bytes of the present frame into {@code buffer}. */
    public int read(byte[] buffer, long most) throws IOException {
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, most));
        if (count < 0) {
            throw new EOFException("the stream ended within a frame");
        }
        return count;
    }

    /** Reads {@code length} bytes of the present frame at once; only for the small ones that carry JSON. */
    public byte[] readWhole(long length) throws IOException {
        byte[] bytes = in.readNBytes((int) Math.min(length, Integer.MAX_VALUE));
        if (bytes.length < length) {
            throw new EOFException("the stream ended within a frame");
        }
        return bytes;
    }

    /** Passes over {@code length} bytes of the present frame. */
    public void skip(long length) throws IOException {
        in.skipNBytes(length);
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
