package dev.atoll.api.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends bytes that no HTTP client would. */
final class RawConnection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;

    RawConnection(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    void send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Everything until the server closes, or until a whole answer of the announced length is there. */
    String answer() throws IOException {
        StringBuilder all = new StringBuilder();
        InputStream in = socket.getInputStream();
        byte[] chunk = new byte[4096];
        int n = in.read(chunk);
        while (n >= 0) {
            all.append(new String(chunk, 0, n, StandardCharsets.ISO_8859_1));
            int end = all.indexOf("\r\n\r\n");
            if (end >= 0 && all.length() >= end + 4 + announced(all)) {
                return all.toString();
            }
            n = in.read(chunk);
        }
        return all.toString();
    }

    private static int announced(StringBuilder all) {
        int at = all.indexOf("Content-Length: ");
        return at < 0 ? 0 : Integer.parseInt(all.substring(at + 16, all.indexOf("\r\n", at)));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
