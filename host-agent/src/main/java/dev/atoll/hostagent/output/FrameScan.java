package dev.atoll.hostagent.output;

import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Walks the frames of one segment, from a frame header on, across any cuts between buffers. */
final class FrameScan {
    private final StreamChoice choice;
    private long filePosition;
    /** Bytes before the wanted offset that are still to be passed over. */
    private long passOver;

    private StdStream stream = StdStream.STDOUT;
    private long micros;
    private int leftInFrame;

    FrameScan(StreamChoice choice, Segment.Place place, long offset) {
        this.choice = choice;
        this.filePosition = place.filePosition();
        this.passOver = offset - place.offset(choice);
    }

    /** Where the next buffer has to be read from. */
    long filePosition() {
        return filePosition;
    }

    /** Takes frames out of a buffer that was read from {@link #filePosition}, until it or the page is used up. */
    void scan(ByteBuffer buffer, PageBuilder page) {
        int from = buffer.position();
        while (page.hasRoom()) {
            if (leftInFrame == 0 && !nextFrame(buffer)) {
                break;
            }
            if (!choice.includes(stream)) {
                // The rest of the frame may lie behind the buffer: it need not be read at all.
                int inBuffer = Math.min(buffer.remaining(), leftInFrame);
                buffer.position(buffer.position() + inBuffer);
                filePosition += leftInFrame - inBuffer;
                leftInFrame = 0;
                if (!buffer.hasRemaining()) {
                    break;
                }
                continue;
            }
            int here = Math.min(buffer.remaining(), leftInFrame);
            if (here == 0) {
                break;
            }
            if (passOver > 0) {
                here = (int) Math.min(here, passOver);
                buffer.position(buffer.position() + here);
                passOver -= here;
            } else {
                here = page.add(stream, micros, buffer, here);
            }
            leftInFrame -= here;
        }
        filePosition += buffer.position() - from;
    }

    private boolean nextFrame(ByteBuffer buffer) {
        if (buffer.remaining() < SegmentFormat.FRAME_HEADER_BYTES) {
            return false;
        }
        Optional<SegmentFormat.FrameHeader> header = SegmentFormat.frameHeader(buffer);
        if (header.isEmpty()) {
            throw Problem.of(ProblemCode.INTERNAL, "The kept output is damaged on the host's disk.")
                    .asException();
        }
        stream = header.get().stream();
        micros = header.get().micros();
        leftInFrame = header.get().length();
        return true;
    }
}
