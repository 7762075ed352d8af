package dev.atoll.hostagent.output;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Appends frames to one segment file: header and data by one gathering write. Used under the lock of the log. */
final class SegmentWriter implements AutoCloseable {
    private final FileChannel channel;
    private final ByteBuffer header = ByteBuffer.allocateDirect(SegmentFormat.SEGMENT_HEADER_BYTES);
    private long end;

    private SegmentWriter(FileChannel channel, long end) {
        this.channel = channel;
        this.end = end;
    }

    static SegmentWriter create(Path file, SegmentFormat.SegmentHeader header) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        SegmentWriter writer = new SegmentWriter(channel, 0);
        SegmentFormat.put(writer.header, header);
        writer.header.flip();
        writer.writeAll(new ByteBuffer[] {writer.header});
        return writer;
    }

    /** Goes on at {@code end}; what lies behind it is cut off. */
    static SegmentWriter reopen(Path file, long end) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        channel.truncate(end).position(end);
        return new SegmentWriter(channel, end);
    }

    /** Writes a whole frame; when that fails, the file is as before. */
    void write(SegmentFormat.FrameHeader frame, ByteBuffer bytes) throws IOException {
        header.clear();
        SegmentFormat.put(header, frame);
        header.flip();
        try {
            writeAll(new ByteBuffer[] {header, bytes});
        } catch (IOException e) {
            channel.truncate(end).position(end);
            throw e;
        }
    }

    private void writeAll(ByteBuffer[] buffers) throws IOException {
        long left = 0;
        for (ByteBuffer buffer : buffers) {
            left += buffer.remaining();
        }
        long total = left;
        while (left > 0) {
            left -= channel.write(buffers);
        }
        end += total;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
