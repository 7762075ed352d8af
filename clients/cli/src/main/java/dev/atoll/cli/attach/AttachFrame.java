package dev.atoll.cli.attach;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.atoll.cli.terminal.WindowSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A message of an attached WebSocket, as docs/attach.md has it: a channel, an offset, and what the channel carries.
 *
 * @param bytes what follows the header
 */
@SuppressWarnings("ArrayRecordComponent") // handed on and never compared
record AttachFrame(int channel, long offset, byte[] bytes) {
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int STATUS = 3;
    static final int ACCEPTED = 7;

    private static final int STDIN = 0;
    private static final int RESIZE = 4;
    private static final int HEADER_BYTES = 9;
    private static final long APPEND = -1;

    static AttachFrame read(byte[] message) throws IOException {
        if (message.length < HEADER_BYTES) {
            throw new IOException("a message is too short");
        }
        ByteBuffer in = ByteBuffer.wrap(message);
        int channel = in.get() & 0xff;
        long offset = in.getLong();
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return new AttachFrame(channel, offset, bytes);
    }

    /** Input, behind everything that anyone has sent. */
    static byte[] input(byte[] bytes) {
        return message(STDIN, bytes);
    }

    static byte[] resize(WindowSize size) {
        return message(
                RESIZE,
                ByteBuffer.allocate(2 * Short.BYTES)
                        .putShort((short) size.rows())
                        .putShort((short) size.columns())
                        .array());
    }

    private static byte[] message(int channel, byte[] bytes) {
        return ByteBuffer.allocate(HEADER_BYTES + bytes.length)
                .put((byte) channel)
                .putLong(APPEND)
                .put(bytes)
                .array();
    }

    /** What a status says. */
    JsonObject json() throws IOException {
        try {
            return JsonParser.object().from(new String(bytes, StandardCharsets.UTF_8));
        } catch (JsonParserException broken) {
            throw new IOException("a status is not JSON", broken);
        }
    }
}
