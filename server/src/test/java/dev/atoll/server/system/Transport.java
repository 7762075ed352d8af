package dev.atoll.server.system;

import dev.atoll.server.TestingPlatform;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A way to follow an exec's output, whose connection a test can break at any byte. */
interface Transport {
    /** What came of one connection. */
    enum End {
        BROKEN,
        ENDED
    }

    /** Connects at {@code from}, and appends what arrives until {@code most} bytes have come over the connection or the exec has ended. */
    End read(TestingPlatform platform, String exec, long from, long most, ByteArrayOutputStream into)
            throws IOException;

    /** Over a WebSocket. */
    static End webSocket(TestingPlatform platform, String exec, long from, long most, ByteArrayOutputStream into) {
        String target = exec + "/attach?offset=" + from;
        try (RawWebSocket socket =
                RawWebSocket.open(platform.port(), target, most, "Authorization: Bearer " + platform.key())) {
            RawWebSocket.Message message = socket.next();
            while (!message.is("end")) {
                if (message.channel() == RawWebSocket.STDOUT) {
                    require(message.offset(), into);
                    into.writeBytes(message.bytes());
                }
                message = socket.next();
            }
            return End.ENDED;
        } catch (IOException broken) {
            return End.BROKEN;
        }
    }

    /** No byte is missing and none comes twice. */
    static void require(long offset, ByteArrayOutputStream into) {
        if (offset != into.size()) {
            throw new AssertionError("output at " + offset + " after " + into.size() + " bytes");
        }
    }

    /** As server-sent events, resumed by the last id seen. */
    static End events(TestingPlatform platform, String exec, long from, long most, ByteArrayOutputStream into)
            throws IOException {
        try (Socket socket = new Socket("127.0.0.1", platform.port())) {
            String request = "GET " + exec + "/output HTTP/1.0\r\nHost: a\r\nAccept: text/event-stream\r\n"
                    + "Authorization: Bearer " + platform.key() + "\r\nLast-Event-ID: " + from + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = RawWebSocket.limited(socket.getInputStream(), most);
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 16);
            String name = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && !name.isEmpty()) {
                    if (name.equals("end")) {
                        return End.ENDED;
                    }
                    JsonNode frame = new JsonMapper().readTree(data);
                    require(frame.get("offset").asLong(), into);
                    into.writeBytes(frame.get("text").asString().getBytes(StandardCharsets.UTF_8));
                    name = "";
                }
            }
            return End.BROKEN;
        }
    }
}
