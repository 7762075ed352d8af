package dev.atoll.bench.rest;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A client attached to an exec over a WebSocket, on a bare socket, so that what is measured is the platform and not a library's threads.
 * For one thread.
 */
public final class AttachedSocket implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int HEADER_BYTES = 9;
    private static final int FIN_BINARY = 0x82;
    private static final int PING = 9;
    private static final int CLOSE = 8;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int MASKED = 0x80;
    private static final long APPEND = -1;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private AttachedSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    static AttachedSocket open(URI platform, String key, String path) throws IOException {
        Socket socket = new Socket(platform.getHost(), platform.getPort());
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            AttachedSocket opened = new AttachedSocket(socket);
            opened.out.write(("GET " + path + " HTTP/1.1\r\nHost: " + platform.getAuthority()
                            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: YXRvbGwgYmVuY2ggZWNobw==\r\nAuthorization: Bearer " + key
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            opened.requireUpgrade();
            return opened;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    private void requireUpgrade() throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the platform hung up: " + head);
            }
            head.append((char) next);
        }
        if (!head.toString().startsWith("HTTP/1.1 101 ")) {
            throw new IOException("not a WebSocket: " + head.toString().split("\r\n", 2)[0]);
        }
    }

    /** Sends one byte of input and returns when the first output after it has come. */
    public void echo(int letter) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(2 + Integer.BYTES + HEADER_BYTES + 1);
        // Masked with zeros, which leaves the bytes as they are.
        frame.put((byte) FIN_BINARY)
                .put((byte) (MASKED | HEADER_BYTES + 1))
                .putInt(0)
                .put((byte) STDIN)
                .putLong(APPEND)
                .put((byte) letter);
        out.write(frame.array());
        out.flush();
        awaitOutput();
    }

    /** Waits for output. */
    public void awaitOutput() throws IOException {
        while (channel() != STDOUT) {
            // Acknowledgements and statuses.
        }
    }

    /** The channel of the next message, whose bytes are skipped. */
    private int channel() throws IOException {
        int opcode = in.readUnsignedByte() & 0x0f;
        int small = in.readUnsignedByte();
        long length = small == LENGTH_16 ? in.readUnsignedShort() : small == LENGTH_64 ? in.readLong() : small;
        if (opcode == CLOSE || length < 0) {
            throw new EOFException("the platform closed the socket");
        }
        if (opcode == PING) {
            in.skipNBytes(length);
            return -1;
        }
        int channel = in.readUnsignedByte();
        in.skipNBytes(length - 1);
        return channel;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
