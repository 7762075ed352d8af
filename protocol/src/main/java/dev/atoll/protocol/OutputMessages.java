package dev.atoll.protocol;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.protocol.host.v1.OutputChunk;
import dev.atoll.protocol.host.v1.Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Output to and from messages, without copying the bytes where it can be helped: frames are never written to after they are made. */
public final class OutputMessages {
    private OutputMessages() {}

    public static OutputChunk toMessage(OutputPage page) {
        OutputChunk.Builder chunk =
                OutputChunk.newBuilder().setNextOffset(page.nextOffset()).setEof(page.eof());
        for (OutputFrame frame : page.frames()) {
            ByteString data = UnsafeByteOperations.unsafeWrap(frame.bytes());
            chunk.addFrames(dev.atoll.protocol.host.v1.OutputFrame.newBuilder()
                    .setStream(frame.stream() == StdStream.STDOUT ? Stream.STREAM_STDOUT : Stream.STREAM_STDERR)
                    .setOffset(frame.offset())
                    .setTimeUs(Instants.toMicros(frame.time()))
                    .setData(data));
        }
        return chunk.build();
    }

    public static OutputPage toModel(OutputChunk chunk) {
        return new OutputPage(
                chunk.getFramesList().stream().map(OutputMessages::toModel).toList(),
                chunk.getNextOffset(),
                chunk.getEof());
    }

    public static Stream toMessage(StreamChoice choice) {
        return switch (choice) {
            case ALL -> Stream.STREAM_ALL;
            case STDOUT -> Stream.STREAM_STDOUT;
            case STDERR -> Stream.STREAM_STDERR;
        };
    }

    public static StreamChoice toModel(Stream stream) {
        return switch (stream) {
            case STREAM_STDOUT -> StreamChoice.STDOUT;
            case STREAM_STDERR -> StreamChoice.STDERR;
            case STREAM_ALL, UNRECOGNIZED -> StreamChoice.ALL;
        };
    }

    private static OutputFrame toModel(dev.atoll.protocol.host.v1.OutputFrame message) {
        return new OutputFrame(
                message.getStream() == Stream.STREAM_STDERR ? StdStream.STDERR : StdStream.STDOUT,
                message.getOffset(),
                Instants.ofMicros(message.getTimeUs()),
                bytesOf(message.getData()));
    }

    /** The array behind the message, when it is nothing but these bytes: within one process it is that of the frame that was sent. */
    private static byte[] bytesOf(ByteString data) {
        WholeArray array = new WholeArray(data.size());
        try {
            UnsafeByteOperations.unsafeWriteTo(data, array);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] whole = array.bytes;
        return whole != null ? whole : data.toByteArray();
    }

    /** Is handed the parts of a byte string, of which it wants the array if it is one and has nothing else in it. */
    private static final class WholeArray extends ByteOutput {
        private final int size;
        private byte @Nullable [] bytes;

        WholeArray(int size) {
            this.size = size;
        }

        @Override
        public void writeLazy(byte[] value, int offset, int length) {
            bytes = offset == 0 && length == size && value.length == size ? value : null;
        }

        @Override
        public void write(byte value) {}

        @Override
        public void write(byte[] value, int offset, int length) {}

        @Override
        public void write(ByteBuffer value) {}

        @Override
        public void writeLazy(ByteBuffer value) {}
    }
}
