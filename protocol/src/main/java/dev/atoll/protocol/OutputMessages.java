package dev.atoll.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.atoll.model.exec.OutputFrame;
import dev.atoll.model.exec.OutputPage;
import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.StreamChoice;
import dev.atoll.protocol.host.v1.OutputChunk;
import dev.atoll.protocol.host.v1.Stream;

/** Output to and from messages, without copying the bytes on the sending side: frames are never written to after they are made. */
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
                message.getData().toByteArray());
    }
}
