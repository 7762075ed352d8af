package dev.atoll.api.exec;

import dev.atoll.api.http.AnswerBuffers;
import dev.atoll.api.json.Json;
import dev.atoll.api.problem.ProblemJson;
import dev.atoll.manager.exec.FollowedOutput;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.problem.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Output as binary frames: a header of {@value #HEADER_BYTES} bytes, big-endian, and the bytes. The header is the kind (u8), three zero
 * bytes, the length (u32) and the offset of the first byte (u64).
 */
final class FrameStream implements FollowedOutput {
    static final int HEADER_BYTES = 16;
    static final int KEEP_ALIVE = 0;
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int PROBLEM = 254;
    static final int END = 255;

    private final OutputStream out;
    private final String requestId;
    private final AnswerBuffers buffers;
    private long nextOffset;

    FrameStream(OutputStream out, String requestId, AnswerBuffers buffers) {
        this.out = out;
        this.requestId = requestId;
        this.buffers = buffers;
    }

    @Override
    public void page(OutputPage page) throws IOException {
        ByteBuffer buffer = buffers.take();
        try {
            for (OutputFrame frame : page.frames()) {
                put(buffer, frame.stream() == StdStream.STDOUT ? STDOUT : STDERR, frame.offset(), frame.bytes());
            }
            nextOffset = page.nextOffset();
            send(buffer);
        } finally {
            buffers.giveBack(buffer);
        }
    }

    @Override
    public void keepAlive() throws IOException {
        last(KEEP_ALIVE, new byte[0]);
    }

    @Override
    public void end(Exec exec) throws IOException {
        last(END, Json.bytes(json -> ExecJson.write(json, exec)));
    }

    @Override
    public void broken(Problem problem) throws IOException {
        last(PROBLEM, ProblemJson.bytes(problem, requestId));
    }

    private void last(int kind, byte[] bytes) throws IOException {
        ByteBuffer buffer = buffers.take();
        try {
            put(buffer, kind, nextOffset, bytes);
            send(buffer);
        } finally {
            buffers.giveBack(buffer);
        }
    }

    /** Puts a frame behind those that are in the buffer, which goes out as often as it is full. */
    private void put(ByteBuffer buffer, int kind, long offset, byte[] bytes) throws IOException {
        if (buffer.remaining() < HEADER_BYTES) {
            AnswerBuffers.send(out, buffer);
        }
        buffer.putInt(kind << 24).putInt(bytes.length).putLong(offset);
        int done = 0;
        while (done < bytes.length) {
            if (!buffer.hasRemaining()) {
                AnswerBuffers.send(out, buffer);
            }
            int length = Math.min(buffer.remaining(), bytes.length - done);
            buffer.put(bytes, done, length);
            done += length;
        }
    }

    private void send(ByteBuffer buffer) throws IOException {
        if (buffer.position() > 0) {
            AnswerBuffers.send(out, buffer);
        }
    }
}
