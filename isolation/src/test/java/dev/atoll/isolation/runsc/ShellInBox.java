package dev.atoll.isolation.runsc;

import dev.atoll.isolation.linux.FifoTransport;
import dev.atoll.isolation.linux.Poller;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The host's side of {@link TestRoots#shell}. */
final class ShellInBox implements AutoCloseable {

    private static final String END = "\n.\n";

    private final FifoTransport transport;

    ShellInBox(Poller poller, Path stdin, Path stdout) throws IOException {
        transport = FifoTransport.open(poller, stdin, stdout);
    }

    void send(String line) throws IOException {
        transport.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /** Runs a line in the box and returns what it printed, stderr included. */
    String run(String line) throws IOException {
        send(line);
        ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
        StringBuilder answer = new StringBuilder("\n");
        while (answer.length() < END.length()
                || !answer.substring(answer.length() - END.length()).equals(END)) {
            if (transport.read(buffer.clear()) < 0) {
                throw new IOException("closed");
            }
            answer.append(StandardCharsets.UTF_8.decode(buffer.flip()));
        }
        return answer.substring(0, answer.length() - END.length()).strip();
    }

    @Override
    public void close() {
        transport.close();
    }
}
