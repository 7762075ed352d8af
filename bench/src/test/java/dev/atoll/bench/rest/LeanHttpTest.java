package dev.atoll.bench.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers with given bytes, connection by connection. */
class LeanHttpTest {
    private ServerSocket server;
    private LeanHttp client;
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        client = new LeanHttp("http://127.0.0.1:" + server.getLocalPort(), "secret");
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** One connection; it is closed after the last answer. */
    private void answer(List<String> answers) {
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                for (String answer : answers) {
                    asked.add(request(socket.getInputStream()));
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                asked.add(e.toString());
            }
        });
    }

    private static String request(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.read());
        }
        int at = head.indexOf("Content-Length: ");
        int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)));
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Test
    void aConnectionIsKeptFromCallToCall() throws Exception {
        answer(List.of(
                "HTTP/1.1 201 Created\r\nContent-Length: 5\r\nServer-Timing: db;dur=1\r\n\r\nhello",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
        LeanHttp.Response first = client.call("POST", "/v1/x", Map.of("Content-Type", "text/plain"), new byte[] {'b'});
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.text()).isEqualTo("hello");
        assertThat(first.headers()).containsEntry("server-timing", "db;dur=1");
        assertThat(client.call("DELETE", "/v1/x", Map.of(), new byte[0]).status())
                .isEqualTo(204);
        assertThat(client.call("GET", "/v1/x", Map.of(), new byte[0]).text()).isEmpty();
        assertThat(asked.take())
                .startsWith("POST /v1/x HTTP/1.1\r\n")
                .contains("Authorization: Bearer secret\r\n", "Content-Type: text/plain\r\n", "Content-Length: 1\r\n")
                .endsWith("\r\n\r\nb");
        assertThat(asked.take()).startsWith("DELETE ").doesNotContain("Content-Length");
    }

    @Test
    void anAnswerMayComeInChunks() throws Exception {
        answer(List.of(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"));
        assertThat(client.call("GET", "/", Map.of(), new byte[0]).text()).isEqualTo("abc0123456789");
    }

    @Test
    void aConnectionThatIsToBeClosedIsNotUsedAgain() throws Exception {
        answer(List.of("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno"));
        assertThat(client.call("GET", "/", Map.of(), new byte[0]).text()).isEqualTo("no");
        answer(List.of("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes"));
        assertThat(client.call("GET", "/", Map.of(), new byte[0]).text()).isEqualTo("yes");
    }

    @Test
    void nothingIsSentTwice() throws Exception {
        answer(List.of("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal"));
        assertThatThrownBy(() -> client.call("POST", "/", Map.of(), new byte[0]))
                .isInstanceOf(EOFException.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void whatIsNoHttpIsAnError() {
        for (String answer : List.of(
                "SSH-2.0-x\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 4294967295\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")) {
            answer(List.of(answer));
            assertThatThrownBy(() -> client.call("GET", "/", Map.of(), new byte[0]))
                    .as(answer)
                    .isInstanceOf(IOException.class);
        }
    }
}
