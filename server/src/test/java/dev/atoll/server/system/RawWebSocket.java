package dev.atoll.server.system;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A WebSocket as bytes on a socket, so that a test can break it at any of them and send what no client library would. */
final class RawWebSocket implements AutoCloseable {
    static final int STDIN = 0;
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int STATUS = 3;
    static final int RESIZE = 4;
    static final int SIGNAL = 5;
    static final int CLOSE_STDIN = 6;
    static final int ACCEPTED = 7;
    static final int APPEND = -1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;

    private static final JsonMapper JSON = new JsonMapper();
    private static final int PATIENCE_MILLIS = 90_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final Random random = new Random(1);

    /** A message; {@code channel} is -1 when the server closes, and {@code offset} then the code. */
    record Message(int channel, long offset, byte[] bytes) {
        boolean closes() {
            return channel < 0;
        }

        boolean is(String type) {
            return channel == STATUS && json().path("type").asString().equals(type);
        }

        JsonNode json() {
            return JSON.readTree(bytes);
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private RawWebSocket(Socket socket, InputStream in) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(in);
        this.out = socket.getOutputStream();
    }

    static RawWebSocket open(int port, String path, String... headers) throws IOException {
        return open(port, path, Long.MAX_VALUE, headers);
    }

    /** One whose connection is to be thought broken after {@code most} bytes from the server: reading on is then an end of file. */
    static RawWebSocket open(int port, String path, long most, String... headers) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        StringBuilder request = new StringBuilder("GET " + path
                + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        InputStream limited = limited(socket.getInputStream(), most);
        String head = head(limited);
        if (!head.startsWith("HTTP/1.1 101 ")) {
            String body = new String(limited.readNBytes(length(head)), StandardCharsets.UTF_8);
            socket.close();
            throw new RefusedException(head, body);
        }
        return new RawWebSocket(socket, limited);
    }

    /** A stream that ends after this many bytes, as one does whose connection breaks. */
    static InputStream limited(InputStream in, long most) {
        return new Limited(in, most);
    }

    /** The answer was not a WebSocket. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String head, String body) {
            super(head + body);
        }
    }

    private static int length(String head) {
        for (String line : head.split("\r\n", -1)) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                return Integer.parseInt(line.substring(15).strip());
            }
        }
        return 0;
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException(head.toString());
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** The next message, answering pings meanwhile, but not for ever. */
    Message next() throws IOException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (true) {
            if (System.nanoTime() - until > 0) {
                throw new SocketTimeoutException("nothing but pings for " + PATIENCE_MILLIS + " ms");
            }
            int opcode = in.readUnsignedByte() & 0x0f;
            int small = in.readUnsignedByte();
            int length = small == 126 ? in.readUnsignedShort() : small == 127 ? (int) in.readLong() : small;
            byte[] payload = new byte[length];
            in.readFully(payload);
            ByteBuffer bytes = ByteBuffer.wrap(payload);
            if (opcode == PING) {
                frame(10, payload);
            } else if (opcode == CLOSE) {
                int code = length < 2 ? 1_005 : bytes.getShort() & 0xffff;
                byte[] reason = new byte[bytes.remaining()];
                bytes.get(reason);
                return new Message(-1, code, reason);
            } else if (opcode == BINARY) {
                int channel = bytes.get();
                long offset = bytes.getLong();
                byte[] rest = new byte[bytes.remaining()];
                bytes.get(rest);
                return new Message(channel, offset, rest);
            } else {
                throw new IOException("opcode " + opcode);
            }
        }
    }

    /** The next message that is a status of this type, or the close. */
    Message awaitStatus(String type) throws IOException {
        Message message = next();
        while (!message.is(type) && !message.closes()) {
            message = next();
        }
        return message;
    }

    void send(int channel, long offset, byte[] bytes) throws IOException {
        frame(
                BINARY,
                ByteBuffer.allocate(9 + bytes.length)
                        .put((byte) channel)
                        .putLong(offset)
                        .put(bytes)
                        .array());
    }

    void type(String text) throws IOException {
        send(STDIN, APPEND, text.getBytes(StandardCharsets.UTF_8));
    }

    void frame(int opcode, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) (0x80 | opcode));
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 0x10000) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        byte[] mask = new byte[4];
        random.nextBytes(mask);
        frame.put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i % 4]));
        }
        raw(frame.array(), frame.position());
    }

    void raw(byte[] bytes, int count) throws IOException {
        out.write(bytes, 0, count);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class Limited extends FilterInputStream {
        private long left;

        Limited(InputStream in, long most) {
            super(new java.io.BufferedInputStream(in));
            this.left = most;
        }

        @Override
        public int read() throws IOException {
            int next = left > 0 ? super.read() : -1;
            left--;
            return next;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int count = super.read(into, offset, (int) Math.min(length, left));
            left -= Math.max(count, 0);
            return count;
        }
    }
}
