package dev.atoll.isolation.guest;

import dev.atoll.isolation.guest.GuestProtocolException.Violation;
import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;

/** Frames from host to guest. */
final class HostFrameCodec implements FrameCodec<HostFrame> {
    static final int ATTACH = 0x01;
    static final int RESUME = 0x02;
    static final int SPAWN_PART = 0x03;
    static final int INPUT = 0x04;
    static final int CLOSE_INPUT = 0x05;
    static final int ACKNOWLEDGE = 0x06;
    static final int RELEASE = 0x07;
    static final int SIGNAL = 0x08;
    static final int IDENTITY_PART = 0x09;
    static final int PING = 0x0A;
    static final int SHUTDOWN = 0x0B;
    static final int RESIZE = 0x0C;

    static final int MAX_PAYLOAD = GuestProtocol.MAX_HOST_FRAME_BYTES - GuestProtocol.HEADER_BYTES;
    static final int MAX_PART = MAX_PAYLOAD - 8;
    static final int MAX_INPUT = MAX_PAYLOAD - 8;

    @Override
    public int maxPayload() {
        return MAX_PAYLOAD;
    }

    @Override
    public void encode(HostFrame frame, ByteBuffer out) {
        int start = out.position();
        switch (frame) {
            case HostFrame.Attach f -> {
                FrameHeader.write(out, ATTACH, 0);
                out.putLong(f.nonce().high()).putLong(f.nonce().low());
                out.putShort((short) f.minVersion())
                        .putShort((short) f.maxVersion())
                        .putInt(0);
            }
            case HostFrame.Resume f -> {
                FrameHeader.write(out, RESUME, f.exec());
                out.putLong(f.stdout()).putLong(f.stderr());
            }
            case HostFrame.SpawnPart f -> part(out, SPAWN_PART, f.exec(), f.total(), f.at(), f.part());
            case HostFrame.Input f -> {
                FrameHeader.write(out, INPUT, f.exec());
                out.putLong(f.offset()).put(f.bytes().duplicate());
            }
            case HostFrame.CloseInput f -> {
                FrameHeader.write(out, CLOSE_INPUT, f.exec());
                out.putLong(f.offset());
            }
            case HostFrame.Acknowledge f -> {
                FrameHeader.write(out, ACKNOWLEDGE, f.exec());
                out.putInt(f.stream() == StdStream.STDOUT ? 0 : 1).putInt(0).putLong(f.offset());
            }
            case HostFrame.Release f -> FrameHeader.write(out, RELEASE, f.exec());
            case HostFrame.Signal f -> {
                FrameHeader.write(out, SIGNAL, f.exec());
                out.putInt(f.token()).putInt(f.signal()).putInt(f.scope().ordinal() + 1);
            }
            case HostFrame.Resize f -> {
                FrameHeader.write(out, RESIZE, f.exec());
                out.putInt(f.token()).putShort((short) f.rows()).putShort((short) f.columns());
            }
            case HostFrame.IdentityPart f -> part(out, IDENTITY_PART, f.token(), f.total(), f.at(), f.part());
            case HostFrame.Ping f -> FrameHeader.write(out, PING, f.token());
            case HostFrame.Shutdown f -> {
                FrameHeader.write(out, SHUTDOWN, 0);
                out.putInt(f.graceMillis());
            }
        }
        FrameHeader.finish(out, start);
    }

    private static void part(ByteBuffer out, int type, int number, int total, int at, ByteBuffer bytes) {
        FrameHeader.write(out, type, number);
        out.putInt(total).putInt(at).put(bytes.duplicate());
    }

    @Override
    public HostFrame decode(FrameHeader header, ByteBuffer payload) {
        FieldReader in = new FieldReader(payload);
        return switch (header.type()) {
            case ATTACH -> attach(in);
            case RESUME -> {
                in.exactly(16);
                yield new HostFrame.Resume(exec(header), in.natural64(), in.natural64());
            }
            case SPAWN_PART -> {
                in.between(9, MAX_PART - 1);
                yield new HostFrame.SpawnPart(exec(header), in.natural32(), in.natural32(), in.rest());
            }
            case INPUT -> {
                in.between(9, MAX_INPUT - 1);
                yield new HostFrame.Input(exec(header), in.natural64(), in.rest());
            }
            case CLOSE_INPUT -> {
                in.exactly(8);
                yield new HostFrame.CloseInput(exec(header), in.natural64());
            }
            case ACKNOWLEDGE -> {
                in.exactly(16);
                yield new HostFrame.Acknowledge(exec(header), in.stream(), in.natural64());
            }
            case RELEASE -> {
                in.exactly(0);
                yield new HostFrame.Release(exec(header));
            }
            case SIGNAL -> {
                in.exactly(12);
                yield new HostFrame.Signal(
                        exec(header), in.any32(), in.between32(1, 64), in.choice(SignalScope.values()));
            }
            case RESIZE -> {
                in.exactly(8);
                yield new HostFrame.Resize(exec(header), in.any32(), in.u16(), in.u16());
            }
            case IDENTITY_PART -> {
                in.between(9, MAX_PART - 1);
                yield new HostFrame.IdentityPart(header.exec(), in.natural32(), in.natural32(), in.rest());
            }
            case PING -> {
                in.exactly(0);
                yield new HostFrame.Ping(header.exec());
            }
            case SHUTDOWN -> {
                in.exactly(4);
                yield new HostFrame.Shutdown(in.natural32());
            }
            default -> throw new GuestProtocolException(Violation.TYPE, "type " + header.type());
        };
    }

    private static HostFrame attach(FieldReader in) {
        in.exactly(24);
        HostFrame frame = new HostFrame.Attach(in.nonce(), in.u16(), in.u16());
        in.zero32();
        return frame;
    }

    private static int exec(FrameHeader header) {
        return FieldReader.execNumber(header.exec());
    }
}
