package dev.atoll.cli;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A platform with one exec on a terminal: what is typed comes back in capitals, {@code q} ends it with code 7, and {@code b} breaks the
 * connection after it has arrived.
 */
final class TerminalServer implements AutoCloseable {
    static final String SANDBOX = "sbx_aaaaaaaaaaaaaaaaaaaa";
    private static final String EXEC = "ex_aaaaaaaaaaaaaaaaaaaa";

    final List<JsonObject> started = new CopyOnWriteArrayList<>();
    final List<String> attached = new CopyOnWriteArrayList<>();
    final List<String> sizes = new CopyOnWriteArrayList<>();
    final List<JsonObject> signals = new CopyOnWriteArrayList<>();
    private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private long inputOffset;

    TerminalServer() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    synchronized String typed() {
        return output.toString(StandardCharsets.UTF_8);
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(connection.getInputStream()));
            OutputStream out = connection.getOutputStream();
            while (true) {
                String head = head(in);
                String request = head.split(" HTTP", 2)[0];
                if (request.contains("/attach")) {
                    attach(request, header(head, "Sec-WebSocket-Key"), in, out);
                    return;
                }
                byte[] body = in.readNBytes(Integer.parseInt("0" + header(head, "Content-Length")));
                answer(request, body, out);
            }
        } catch (IOException | JsonParserException closed) {
            // The client has left.
        }
    }

    private void answer(String request, byte[] body, OutputStream out) throws IOException, JsonParserException {
        JsonObject json = body.length == 0
                ? new JsonObject()
                : JsonParser.object().from(new String(body, StandardCharsets.UTF_8));
        if (request.startsWith("POST") && request.endsWith("/execs")) {
            started.add(json);
        } else if (request.endsWith("/signal")) {
            signals.add(json);
        }
        String answer = exec("running");
        out.write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + answer.length()
                        + "\r\n\r\n" + answer)
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private synchronized String exec(String state) {
        return "{\"id\":\"" + EXEC + "\",\"state\":\"" + state
                + "\",\"reason\":\"exited\",\"exit_code\":7,\"error\":null,"
                + "\"stdin\":{\"open\":true,\"next_offset\":" + inputOffset + "},\"output\":{\"total_bytes\":"
                + output.size() + "}}";
    }

    private void attach(String request, String key, DataInputStream in, OutputStream out) throws IOException {
        attached.add(request.replaceFirst(".*\\?", ""));
        out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        long from = request.contains("offset=") ? Long.parseLong(request.replaceFirst(".*offset=", "")) : 0;
        send(out, 3, from, "{\"type\":\"attached\",\"exec\":" + exec("running") + "}");
        byte[] missed =
                java.util.Arrays.copyOfRange(typed().getBytes(StandardCharsets.UTF_8), (int) from, typed().length());
        if (missed.length > 0) {
            send(out, 1, from, new String(missed, StandardCharsets.UTF_8));
        }
        while (true) {
            ByteBuffer message = message(in);
            int channel = message.get();
            message.getLong();
            if (channel == 4) {
                sizes.add(message.getShort() + "x" + message.getShort());
                continue;
            }
            String text = StandardCharsets.UTF_8.decode(message).toString();
            long at = output.size();
            synchronized (this) {
                inputOffset += text.length();
                output.writeBytes(text.toUpperCase(java.util.Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            }
            if (text.contains("b")) {
                return;
            }
            send(out, 7, inputOffset, "\0");
            send(out, 1, at, text.toUpperCase(java.util.Locale.ROOT));
            if (text.contains("q")) {
                send(out, 3, output.size(), "{\"type\":\"end\",\"exec\":" + exec("ended") + "}");
                return;
            }
        }
    }

    private static ByteBuffer message(DataInputStream in) throws IOException {
        int opcode = in.readUnsignedByte() & 0x0f;
        int length = in.readUnsignedByte() & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(length);
        if (opcode != 2) {
            throw new EOFException("closed");
        }
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return ByteBuffer.wrap(payload);
    }

    private static void send(OutputStream out, int channel, long offset, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = 9 + bytes.length;
        ByteBuffer frame = ByteBuffer.allocate(4 + length).put((byte) 0x82);
        if (length < 126) {
            frame.put((byte) length);
        } else {
            frame.put((byte) 126).putShort((short) length);
        }
        frame.put((byte) channel).putLong(offset).put(bytes);
        out.write(frame.array(), 0, frame.position());
        out.flush();
    }

    private static String accept(String key) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    private static String head(DataInputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    private static String header(String head, String name) {
        for (String line : head.split("\r\n", -1)) {
            if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                return line.substring(name.length() + 1).strip();
            }
        }
        return "";
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
