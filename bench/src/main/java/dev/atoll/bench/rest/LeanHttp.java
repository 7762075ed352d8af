package dev.atoll.bench.rest;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * HTTP/1.1 with kept-alive connections and nothing else, for the calls that are timed: the JDK's client takes 0.5 ms of its own for a call
 * that comes once in a while, and the peers are native programs. Any {@link IOException} means that it is not known whether the call had an
 * effect; nothing is sent twice. Safe for threads: each call has a connection to itself.
 */
final class LeanHttp {
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    /** Longer than the longest wait that the API knows, 60 s. */
    private static final int READ_TIMEOUT_MILLIS = 90_000;

    private static final int BUFFER_BYTES = 16 * 1_024;
    private static final int MAX_LINE = 64 * 1_024;
    private static final int NO_CONTENT = 204;

    private final String host;
    private final int port;
    private final String fixedHeaders;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

    LeanHttp(String url, String key) {
        URI uri = URI.create(url);
        this.host = uri.getHost();
        this.port = uri.getPort() < 0 ? 80 : uri.getPort();
        this.fixedHeaders = " HTTP/1.1\r\nHost: " + host + ":" + port
                + "\r\nUser-Agent: atoll-bench\r\nAuthorization: Bearer " + key + "\r\n";
    }

    /**
     * What came back.
     *
     * @param headers by names in lower case; of several with one name the last
     */
    record Response(int status, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** Sends a request and reads the whole answer. */
    Response call(String method, String path, Map<String, String> headers, byte[] body) throws IOException {
        byte[] request = request(method, path, headers, body);
        Connection connection = idle.pollFirst();
        if (connection == null) {
            connection = new Connection(host, port);
        }
        boolean kept = false;
        try {
            connection.socket.getOutputStream().write(request);
            Response response = connection.read();
            kept = !response.headers().getOrDefault("connection", "").equalsIgnoreCase("close");
            return response;
        } finally {
            if (kept) {
                idle.addFirst(connection);
            } else {
                connection.socket.close();
            }
        }
    }

    private byte[] request(String method, String path, Map<String, String> headers, byte[] body) {
        StringBuilder head =
                new StringBuilder(512).append(method).append(' ').append(path).append(fixedHeaders);
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (body.length > 0 || method.equals("POST") || method.equals("PUT")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        byte[] first = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = Arrays.copyOf(first, first.length + body.length);
        System.arraycopy(body, 0, whole, first.length, body.length);
        return whole;
    }

    private static final class Connection {
        private final Socket socket = new Socket();
        private final InputStream in;
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int at;
        private int end;

        private Connection(String host, int port) throws IOException {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MILLIS);
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            in = socket.getInputStream();
        }

        private Response read() throws IOException {
            String[] status = line().split(" ", 3);
            if (status.length < 2 || !status[0].startsWith("HTTP/1.")) {
                throw new IOException("no HTTP answer");
            }
            Map<String, String> headers = new HashMap<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    headers.put(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip());
                }
            }
            int code = number(status[1], 10);
            return new Response(code, headers, body(code, headers));
        }

        private byte[] body(int status, Map<String, String> headers) throws IOException {
            if (status == NO_CONTENT) {
                return new byte[0];
            }
            if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
                ByteArrayOutputStream whole = new ByteArrayOutputStream();
                for (int length = chunkLength(); length > 0; length = chunkLength()) {
                    whole.write(take(length));
                    line();
                }
                line();
                return whole.toByteArray();
            }
            return take(number(headers.getOrDefault("content-length", "none"), 10));
        }

        private int chunkLength() throws IOException {
            return number(line().split(";", 2)[0].strip(), 16);
        }

        private static int number(String text, int radix) throws IOException {
            try {
                int number = Integer.parseInt(text, radix);
                if (number >= 0) {
                    return number;
                }
            } catch (NumberFormatException unreadable) {
                // Answered below, like a number out of range.
            }
            throw new IOException("no HTTP answer: '" + text + "' where a number belongs");
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            while (line.length() < MAX_LINE) {
                int next = next();
                if (next == '\n') {
                    return line.toString();
                }
                if (next != '\r') {
                    line.append((char) next);
                }
            }
            throw new IOException("a header of more than " + MAX_LINE + " bytes");
        }

        private int next() throws IOException {
            if (at == end) {
                fill();
            }
            return buffer[at++] & 0xFF;
        }

        private byte[] take(int length) throws IOException {
            byte[] taken = new byte[length];
            for (int done = 0; done < length; ) {
                if (at == end) {
                    fill();
                }
                int count = Math.min(length - done, end - at);
                System.arraycopy(buffer, at, taken, done, count);
                at += count;
                done += count;
            }
            return taken;
        }

        private void fill() throws IOException {
            end = Math.max(in.read(buffer), 0);
            at = 0;
            if (end == 0) {
                throw new EOFException("the platform closed the connection");
            }
        }
    }
}
