package dev.atoll.api.attach;

import dev.atoll.api.exec.SignalNames;
import dev.atoll.api.http.Words;
import dev.atoll.model.exec.SignalTarget;
import dev.atoll.model.exec.TerminalSize;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * What a client sends. Every message, either way, is a channel (u8), an offset (i64, big-endian) and what the channel carries; see
 * docs/attach.md.
 */
sealed interface Frame {
    int HEADER_BYTES = 9;

    int STDIN = 0;
    int STDOUT = 1;
    int STDERR = 2;
    int STATUS = 3;
    int RESIZE = 4;
    int SIGNAL = 5;
    int CLOSE_STDIN = 6;
    int ACCEPTED = 7;

    /** The offset of input that goes behind everything that was sent before. */
    long APPEND = -1;

    /** Bytes for stdin; without an offset behind everything that was sent before. */
    record Input(OptionalLong offset, byte[] bytes, boolean close) implements Frame {}

    /** The size of the client's window. */
    record Resize(TerminalSize size) implements Frame {}

    record Signal(int number, SignalTarget target) implements Frame {}

    /** Reads a client's message; a problem when it is none, after which nothing that follows can be trusted. */
    static Frame read(ByteBuffer message) {
        if (message.remaining() < HEADER_BYTES) {
            throw malformed("A message has " + message.remaining() + " bytes, fewer than its header.");
        }
        int channel = message.get() & 0xff;
        long offset = message.getLong();
        return switch (channel) {
            case STDIN, CLOSE_STDIN -> input(offset, bytes(message), channel == CLOSE_STDIN);
            case RESIZE -> resize(message);
            case SIGNAL -> signal(new String(bytes(message), StandardCharsets.US_ASCII));
            default -> throw malformed("There is no channel " + channel + " from the client.");
        };
    }

    private static Frame input(long offset, byte[] bytes, boolean close) {
        if (offset < APPEND || offset > Long.MAX_VALUE - bytes.length) {
            throw malformed("Input has the offset " + offset + ".");
        }
        return new Input(offset == APPEND ? OptionalLong.empty() : OptionalLong.of(offset), bytes, close);
    }

    private static Frame resize(ByteBuffer message) {
        if (message.remaining() != 2 * Short.BYTES) {
            throw malformed("A resize carries " + message.remaining() + " bytes.");
        }
        int rows = message.getShort() & 0xffff;
        int columns = message.getShort() & 0xffff;
        return new Resize(new TerminalSize(rows, columns));
    }

    private static Frame signal(String text) {
        String[] words = text.split(" ", 2);
        SignalTarget target = words.length == 1
                ? SignalTarget.GROUP
                : Words.of(SignalTarget.class).read("target", words[1]);
        return new Signal(SignalNames.number(words[0]), target);
    }

    private static byte[] bytes(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        return bytes;
    }

    /** A message to the client. */
    static ByteBuffer of(int channel, long offset, byte[] bytes) {
        return ByteBuffer.allocate(HEADER_BYTES + bytes.length)
                .put((byte) channel)
                .putLong(offset)
                .put(bytes)
                .flip();
    }

    private static ProblemException malformed(String detail) {
        return Problem.of(
                        ProblemCode.INVALID_REQUEST,
                        detail,
                        "Send a channel (u8), an offset (i64) and what the channel carries: docs/attach.md.")
                .asException();
    }
}
