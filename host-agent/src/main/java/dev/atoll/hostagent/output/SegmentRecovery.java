package dev.atoll.hostagent.output;

import dev.atoll.model.exec.StreamChoice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out what the segments of an earlier life hold. The first byte that is not part of a whole frame ends the log: it and everything
 * behind it
 * were never acknowledged.
 */
final class SegmentRecovery {
    private SegmentRecovery() {}

    /** The whole segments in order, of files in order. Files that continue nothing are deleted. */
    static List<Segment> recover(SegmentFiles files, List<Path> existing, ScratchBuffers buffers) throws IOException {
        List<Segment> whole = new ArrayList<>();
        boolean torn = false;
        ByteBuffer buffer = buffers.take();
        try {
            for (Path file : existing) {
                Optional<Segment> segment = torn ? Optional.empty() : read(files, file, buffer, whole);
                torn = torn || segment.isEmpty() || segment.get().fileEnd() < Files.size(file);
                if (segment.isPresent()) {
                    whole.add(segment.get());
                } else {
                    files.delete(file);
                }
            }
        } finally {
            buffers.giveBack(buffer);
        }
        return whole;
    }

    private static Optional<Segment> read(SegmentFiles files, Path file, ByteBuffer buffer, List<Segment> before)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            buffer.clear().limit(SegmentFormat.SEGMENT_HEADER_BYTES);
            readFully(channel, buffer, 0);
            Optional<SegmentFormat.SegmentHeader> header = SegmentFormat.segmentHeader(buffer.flip());
            if (header.isEmpty() || !continues(before, header.get())) {
                return Optional.empty();
            }
            Segment segment =
                    new Segment(files, header.get().merged(), header.get().stdout());
            if (!segment.file().getFileName().equals(file.getFileName())) {
                return Optional.empty();
            }
            readFrames(channel, buffer, segment);
            return Optional.of(segment);
        }
    }

    private static boolean continues(List<Segment> before, SegmentFormat.SegmentHeader header) {
        return before.isEmpty()
                || (before.getLast().end(StreamChoice.ALL) == header.merged()
                        && before.getLast().end(StreamChoice.STDOUT) == header.stdout());
    }

    private static void readFrames(FileChannel channel, ByteBuffer buffer, Segment segment) throws IOException {
        long size = channel.size();
        while (segment.fileEnd() + SegmentFormat.FRAME_HEADER_BYTES < size) {
            buffer.clear();
            long from = segment.fileEnd();
            readFully(channel, buffer, from);
            buffer.flip();
            boolean any = false;
            while (takeFrame(buffer, segment, size)) {
                any = true;
                long next = segment.fileEnd() - from;
                if (next + SegmentFormat.FRAME_HEADER_BYTES > buffer.limit()) {
                    break;
                }
                buffer.position((int) next);
            }
            if (!any) {
                return;
            }
        }
    }

    private static boolean takeFrame(ByteBuffer buffer, Segment segment, long size) {
        Optional<SegmentFormat.FrameHeader> header = SegmentFormat.frameHeader(buffer);
        if (header.isEmpty() || header.get().merged() != segment.end(StreamChoice.ALL)) {
            return false;
        }
        long end = segment.fileEnd()
                + SegmentFormat.FRAME_HEADER_BYTES
                + header.get().length();
        if (end > size) {
            return false;
        }
        segment.added(header.get().stream(), header.get().length());
        return true;
    }

    private static void readFully(FileChannel channel, ByteBuffer buffer, long from) throws IOException {
        while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) > 0) {
            // Until the buffer is full or the file has ended.
        }
    }
}
