package dev.atoll.model.exec;

import java.time.Instant;

/**
 * A run of output bytes of one stream, in order. The array is the frame's own: whoever gets a frame may read it and must not write to it.
 *
 * @param offset where the bytes start, in the numbering of the {@link StreamChoice} that was read
 * @param time when the host got them
 */
@SuppressWarnings("ArrayRecordComponent") // a copy per hop would double the cost of every output byte
public record OutputFrame(StdStream stream, long offset, Instant time, byte[] bytes) {
    public long endOffset() {
        return offset + bytes.length;
    }
}
