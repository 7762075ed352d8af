package dev.atoll.isolation.runsc;

import dev.atoll.isolation.linux.Fd;
import dev.atoll.isolation.linux.LinuxFiles;
import dev.atoll.isolation.linux.LinuxSockets;
import dev.atoll.isolation.linux.Poller;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Calls methods of a box over its control socket: one JSON object out, descriptors attached to its first byte; one JSON
 * object back.
 *
 * <p>Every call has a connection of its own: the server reads ahead and drops what it read, so connections carry one
 * call at a time, and a restored box drops them all. The answer is not trusted: its size, its time and its shape are
 * bounded.
 *
 * <p>Thread safe; a virtual thread parks while it waits.
 */
final class ControlSocket {

    /** The longest reply that is read. The largest honest one, statistics of a box, has a few kilobytes. */
    static final int MAX_REPLY_BYTES = 1 << 20;

    private static final int CHUNK_BYTES = 8 * 1024;

    private final Poller poller;
    private final Path path;

    ControlSocket(Poller poller, Path path) {
        this.poller = poller;
        this.path = path;
    }

    /**
     * Calls a method of the sandbox, named with its object: {@code containerManager.Event}.
     *
     * @param argument something that Jackson can write
     * @throws IOException when the box does not answer in {@code timeout}, is gone, or answers nonsense
     */
    ControlReply call(String method, Object argument, List<Fd> descriptors, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Fd socket = LinuxSockets.connect(path)) {
            send(socket, request(method, argument), descriptors, deadline);
            return receive(socket, deadline);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while calling " + method);
        }
    }

    private static ByteBuffer request(String method, Object argument) {
        byte[] json = ControlReply.Mapper.INSTANCE.writeValueAsBytes(Map.of("method", method, "arg", argument));
        return ByteBuffer.allocateDirect(json.length).put(json).flip();
    }

    private void send(Fd socket, ByteBuffer request, List<Fd> descriptors, long deadline)
            throws IOException, InterruptedException {
        // The server takes descriptors from the message that brings the first byte, so that byte goes alone.
        ByteBuffer first = request.slice(0, 1);
        while (first.hasRemaining()) {
            if (LinuxSockets.send(socket, first, descriptors) == LinuxFiles.WOULD_BLOCK) {
                await(socket, Poller.Interest.WRITABLE, deadline);
            }
        }
        request.position(1);
        while (request.hasRemaining()) {
            if (LinuxSockets.send(socket, request, List.of()) == LinuxFiles.WOULD_BLOCK) {
                await(socket, Poller.Interest.WRITABLE, deadline);
            }
        }
    }

    private ControlReply receive(Fd socket, long deadline) throws IOException, InterruptedException {
        byte[] reply = new byte[CHUNK_BYTES];
        int length = 0;
        JsonObjectEnd end = new JsonObjectEnd();
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        List<Fd> unexpected = new ArrayList<>();
        try {
            while (true) {
                int count = LinuxSockets.receive(socket, chunk.clear(), unexpected);
                if (count == LinuxFiles.WOULD_BLOCK) {
                    await(socket, Poller.Interest.READABLE, deadline);
                    continue;
                }
                if (count == 0) {
                    throw new EOFException("the box closed its control socket");
                }
                if (length + count > MAX_REPLY_BYTES) {
                    throw new MalformedReplyException("the reply is longer than " + MAX_REPLY_BYTES + " bytes");
                }
                if (length + count > reply.length) {
                    reply = Arrays.copyOf(reply, Math.max(reply.length * 2, length + count));
                }
                chunk.flip().get(reply, length, count);
                boolean ended = false;
                for (int i = length; i < length + count; i++) {
                    ended = end.accept(reply[i]);
                }
                length += count;
                if (ended) {
                    return ControlReply.parse(reply, length);
                }
            }
        } finally {
            unexpected.forEach(Fd::close);
        }
    }

    private void await(Fd socket, Poller.Interest interest, long deadline) throws IOException, InterruptedException {
        Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        if (!poller.await(socket, interest, left)) {
            throw new SlowReplyException();
        }
    }
}
