package dev.atoll.cli.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A WebSocket of binary messages (RFC 6455), as much of it as attaching needs. Our own because {@code java.net.http} takes longer to
 * get ready than a whole run. {@link #next} is for one thread, {@link #send} for any.
 */
public final class WebSocket implements AutoCloseable {
    /** Longest silence before the connection is taken for dead, in milliseconds; the platform asks for a sign of life every 15 s. */
    static final int SILENCE_MILLIS = 60_000;

    private static final int MAX_HEAD_BYTES = 32 * 1_024;
    private static final long MAX_MESSAGE_BYTES = 4L << 20;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final String ACCEPT_SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int CONTINUATION = 0;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int NO_CODE = 1_005;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private int mask;

    /** What arrives. */
    public sealed interface Message {
        /** A whole binary message. */
        @SuppressWarnings("ArrayRecordComponent") // handed on and never compared
        record Binary(byte[] bytes) implements Message {}

        /** The other side closes; nothing comes after it. */
        record Closed(int code, String reason) implements Message {}
    }

    private WebSocket(Socket socket, DataInputStream in, OutputStream out, int mask) {
        this.socket = socket;
        this.in = in;
        this.out = out;
        this.mask = mask;
    }

    /**
     * Connects. A problem when the platform answers with one.
     *
     * @param key 16 random bytes
     */
    static WebSocket open(Endpoint endpoint, String path, String apiKey, byte[] key) throws IOException {
        Socket socket = connected(endpoint);
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(SILENCE_MILLIS);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 * 1_024));
            OutputStream out = socket.getOutputStream();
            String nonce = Base64.getEncoder().encodeToString(key);
            out.write(("GET " + path + " HTTP/1.1\r\nHost: " + endpoint.base().getAuthority()
                            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                            + nonce + "\r\nAuthorization: Bearer " + apiKey + "\r\nUser-Agent: atoll-cli\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            accepted(in, nonce);
            return new WebSocket(socket, in, out, ByteBuffer.wrap(key).getInt());
        } catch (IOException | RuntimeException failed) {
            socket.close();
            throw failed;
        }
    }

    private static Socket connected(Endpoint endpoint) throws IOException {
        URI base = endpoint.base();
        boolean secure = base.getScheme().equals("https");
        int port = base.getPort() >= 0 ? base.getPort() : secure ? 443 : 80;
        String host = base.getHost().replace("[", "").replace("]", "");
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(host, port), Connections.CONNECT_TIMEOUT_MILLIS);
            if (!secure) {
                return plain;
            }
            SSLSocket tls = (SSLSocket)
                    ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, host, port, true);
            SSLParameters parameters = tls.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            return tls;
        } catch (IOException failed) {
            plain.close();
            throw failed;
        }
    }

    /** Reads the answer to the request; throws the problem that it is when it is not a WebSocket. */
    private static void accepted(InputStream in, String nonce) throws IOException {
        String[] head = head(in).split("\r\n", -1);
        String[] status = head[0].split(" ", 3);
        if (status.length < 2 || !status[1].matches("[0-9]{3}")) {
            throw Problems.notAtoll("it does not speak HTTP").asException();
        }
        int length = 0;
        String accept = "";
        for (String line : head) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(
                        line.substring("content-length:".length()).strip());
            } else if (lower.startsWith("sec-websocket-accept:")) {
                accept = line.substring("sec-websocket-accept:".length()).strip();
            }
        }
        int code = Integer.parseInt(status[1]);
        if (code != SWITCHING_PROTOCOLS) {
            throw Problems.read(Answer.of(code, in.readNBytes(Math.min(length, MAX_HEAD_BYTES))))
                    .asException();
        }
        if (!accept.equals(expected(nonce))) {
            throw Problems.notAtoll("it does not speak WebSocket").asException();
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ending = 0;
        while (ending < 4) {
            int next = in.read();
            if (next < 0 || head.size() > MAX_HEAD_BYTES) {
                throw new EOFException("the answer has no end");
            }
            head.write(next);
            ending = next == (ending % 2 == 0 ? '\r' : '\n') ? ending + 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static String expected(String nonce) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((nonce + ACCEPT_SALT).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-1", impossible);
        }
    }

    /** The next message, answering pings meanwhile. Throws when the connection breaks or is silent for too long. */
    public Message next() throws IOException {
        ByteArrayOutputStream parts = new ByteArrayOutputStream(0);
        while (true) {
            int first = in.readUnsignedByte();
            byte[] payload = payload(in.readUnsignedByte());
            boolean last = (first & FIN) != 0;
            switch (first & 0x0f) {
                case BINARY, CONTINUATION -> {
                    if (last && parts.size() == 0) {
                        return new Message.Binary(payload);
                    }
                    parts.writeBytes(payload);
                    if (parts.size() > MAX_MESSAGE_BYTES) {
                        throw new IOException("a message is too long");
                    }
                    if (last) {
                        return new Message.Binary(parts.toByteArray());
                    }
                }
                case PING -> frame(PONG, payload);
                case CLOSE -> {
                    frame(CLOSE, payload);
                    int code = payload.length < 2
                            ? NO_CODE
                            : ByteBuffer.wrap(payload).getShort() & 0xffff;
                    String reason = payload.length < 2
                            ? ""
                            : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
                    return new Message.Closed(code, reason);
                }
                case PONG -> {}
                default -> throw new IOException("a frame of an unknown kind");
            }
        }
    }

    private byte[] payload(int second) throws IOException {
        int small = second & 0x7f;
        long length = small == LENGTH_16 ? in.readUnsignedShort() : small == LENGTH_64 ? in.readLong() : small;
        if ((second & MASKED) != 0 || length < 0 || length > MAX_MESSAGE_BYTES) {
            throw new IOException("a frame that no server sends");
        }
        byte[] payload = new byte[(int) length];
        in.readFully(payload);
        return payload;
    }

    /** Sends one binary message. */
    public void send(byte[] message) throws IOException {
        frame(BINARY, message);
    }

    /** The mask only has to keep proxies from taking data for requests; ours carries on from random bits of the kernel. */
    private synchronized void frame(int kind, byte[] payload) throws IOException {
        mask = mask * 1_664_525 + 1_013_904_223;
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) (FIN | kind));
        if (payload.length < LENGTH_16) {
            frame.put((byte) (MASKED | payload.length));
        } else if (payload.length <= 0xffff) {
            frame.put((byte) (MASKED | LENGTH_16)).putShort((short) payload.length);
        } else {
            frame.put((byte) (MASKED | LENGTH_64)).putLong(payload.length);
        }
        frame.putInt(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask >>> (3 - i % 4) * 8));
        }
        out.write(frame.array(), 0, frame.position());
        out.flush();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException gone) {
            // It is what we wanted.
        }
    }
}
