package dev.atoll.isolation.runsc;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A control socket that answers every connection with the same bytes, whatever was asked. */
final class FakeControlServer implements AutoCloseable {

    /** What to do with a connection once a request has come. */
    interface Answer {
        void give(SocketChannel connection) throws IOException;
    }

    private final ServerSocketChannel server;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    FakeControlServer(Path path, Answer answer) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
        Thread.ofVirtual().start(() -> serve(answer));
    }

    static FakeControlServer saying(Path path, byte[] reply) throws IOException {
        return new FakeControlServer(path, connection -> {
            ByteBuffer bytes = ByteBuffer.wrap(reply);
            while (bytes.hasRemaining()) {
                connection.write(bytes);
            }
        });
    }

    static FakeControlServer saying(Path path, String reply) throws IOException {
        return saying(path, reply.getBytes(StandardCharsets.UTF_8));
    }

    List<String> requests() {
        return requests;
    }

    private void serve(Answer answer) {
        while (server.isOpen()) {
            try (SocketChannel connection = server.accept()) {
                ByteBuffer request = ByteBuffer.allocate(8192);
                StringBuilder text = new StringBuilder();
                while (!text.toString().endsWith("}") && connection.read(request.clear()) > 0) {
                    text.append(StandardCharsets.UTF_8.decode(request.flip()));
                }
                requests.add(text.toString());
                answer.give(connection);
            } catch (IOException gone) {
                // The caller hung up, or the test is over.
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
