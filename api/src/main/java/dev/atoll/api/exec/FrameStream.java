package dev.atoll.api.exec;

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
    private final ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    private long nextOffset;

    FrameStream(OutputStream out, String requestId) {
        this.out = out;
        this.requestId = requestId;
    }

    @Override
    public void page(OutputPage page) throws IOException {
        for (OutputFrame frame : page.frames()) {
            frame(frame.stream() == StdStream.STDOUT ? STDOUT : STDERR, frame.offset(), frame.bytes());
        }
        nextOffset = page.nextOffset();
        out.flush();
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
        frame(kind, nextOffset, bytes);
        out.flush();
    }

    private void frame(int kind, long offset, byte[] bytes) throws IOException {
        header.clear();
        header.putInt(kind << 24).putInt(bytes.length).putLong(offset);
        out.write(header.array(), 0, HEADER_BYTES);
        out.write(bytes, 0, bytes.length);
    }
}
