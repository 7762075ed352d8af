package dev.atoll.model.exec;

import java.util.List;

/**
 * Output that was read.
 *
 * @param frames the bytes, in order and without a gap
 * @param nextOffset where to go on reading, in the numbering that was asked for
 * @param eof true when the exec has ended and there is nothing after {@code nextOffset}
 */
public record OutputPage(List<OutputFrame> frames, long nextOffset, boolean eof) {
    public OutputPage {
        frames = List.copyOf(frames);
    }
}
