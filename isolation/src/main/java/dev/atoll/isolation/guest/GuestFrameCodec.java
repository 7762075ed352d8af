package dev.atoll.isolation.guest;

import dev.atoll.isolation.guest.GuestProtocolException.Violation;
import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Frames from guest to host. */
final class GuestFrameCodec implements FrameCodec<GuestFrame> {
    static final int HELLO = 0x81;
    static final int EXEC_REPORT = 0x82;
    static final int READY = 0x83;
    static final int STARTED = 0x84;
    static final int SPAWN_FAILED = 0x85;
    static final int OUTPUT = 0x86;
    static final int OUTPUT_CLOSED = 0x87;
    static final int INPUT_CREDIT = 0x88;
    static final int INPUT_CLOSED = 0x89;
    static final int EXIT = 0x8A;
    static final int REPLY = 0x8B;
    static final int PONG = 0x8C;
    static final int COMPLAINT = 0x8D;
    static final int GOODBYE = 0x8E;

    static final int HELLO_BYTES = 48;

    private static final int STDOUT_CLOSED = 1;
    private static final int STDERR_CLOSED = 2;
    private static final int INPUT_IS_CLOSED = 4;

    @Override
    public int maxPayload() {
        return GuestProtocol.MAX_GUEST_PAYLOAD_BYTES;
    }

    @Override
    public void encode(GuestFrame frame, ByteBuffer out) {
        int start = out.position();
        switch (frame) {
            case GuestFrame.Hello f -> hello(out, f);
            case GuestFrame.ExecReport f -> report(out, f.exec());
            case GuestFrame.Ready f -> {
                FrameHeader.write(out, READY, 0);
                out.putInt(f.execs());
            }
            case GuestFrame.Started f -> {
                FrameHeader.write(out, STARTED, f.exec());
                out.putInt(f.pid());
            }
            case GuestFrame.SpawnFailed f -> {
                FrameHeader.write(out, SPAWN_FAILED, f.exec());
                out.putInt(f.failure().stage().ordinal() + 1).putInt(f.failure().errno());
            }
            case GuestFrame.Output f -> {
                FrameHeader.write(out, OUTPUT, f.exec());
                out.putInt(wire(f.stream()))
                        .putInt(0)
                        .putLong(f.offset())
                        .put(f.bytes().duplicate());
            }
            case GuestFrame.OutputClosed f -> {
                FrameHeader.write(out, OUTPUT_CLOSED, f.exec());
                out.putInt(wire(f.stream())).putInt(0).putLong(f.end());
            }
            case GuestFrame.InputCredit f -> {
                FrameHeader.write(out, INPUT_CREDIT, f.exec());
                out.putLong(f.accepted()).putLong(f.limit());
            }
            case GuestFrame.InputClosed f -> {
                FrameHeader.write(out, INPUT_CLOSED, f.exec());
                out.putLong(f.accepted());
            }
            case GuestFrame.Exit f -> {
                FrameHeader.write(out, EXIT, f.exec());
                ExitReportCodec.encode(f.report(), out);
            }
            case GuestFrame.Reply f -> {
                FrameHeader.write(out, REPLY, f.token());
                out.putInt(f.errno()).putInt(f.detail());
            }
            case GuestFrame.Pong f -> {
                FrameHeader.write(out, PONG, f.token());
                out.putLong(f.monotonicNanos()).putLong(f.realtimeNanos());
            }
            case GuestFrame.Complaint f -> {
                FrameHeader.write(out, COMPLAINT, f.error().exec());
                out.putInt(f.error().code().ordinal() + 1).putInt(f.error().frameType());
                out.putLong(f.error().count());
            }
            case GuestFrame.Goodbye() -> FrameHeader.write(out, GOODBYE, 0);
        }
        FrameHeader.finish(out, start);
    }

    private static void hello(ByteBuffer out, GuestFrame.Hello hello) {
        FrameHeader.write(out, HELLO, 0);
        out.putLong(hello.nonce().high()).putLong(hello.nonce().low());
        out.putShort((short) hello.version()).putShort((short) 0).putInt(hello.execs());
        out.putLong(hello.bootId().getMostSignificantBits())
                .putLong(hello.bootId().getLeastSignificantBits());
        out.putInt(hello.outputWindow()).putInt(hello.inputWindow());
    }

    private static void report(ByteBuffer out, GuestExec exec) {
        FrameHeader.write(out, EXEC_REPORT, exec.exec());
        int flags = (exec.stdout().closed() ? STDOUT_CLOSED : 0)
                | (exec.stderr().closed() ? STDERR_CLOSED : 0)
                | (exec.inputClosed() ? INPUT_IS_CLOSED : 0);
        out.putInt(exec.state().ordinal() + 1).putInt(exec.pid()).putInt(flags).putInt(0);
        out.putLong(exec.stdout().oldest()).putLong(exec.stdout().end());
        out.putLong(exec.stderr().oldest()).putLong(exec.stderr().end());
        out.putLong(exec.inputAccepted()).putLong(exec.inputLimit());
    }

    @Override
    public GuestFrame decode(FrameHeader header, ByteBuffer payload) {
        FieldReader in = new FieldReader(payload);
        return switch (header.type()) {
            case HELLO -> hello(in);
            case EXEC_REPORT -> new GuestFrame.ExecReport(report(header, in));
            case READY -> {
                in.exactly(4);
                yield new GuestFrame.Ready(in.between32(0, GuestProtocol.MAX_EXECS));
            }
            case STARTED -> {
                in.exactly(4);
                yield new GuestFrame.Started(exec(header), in.between32(1, Integer.MAX_VALUE));
            }
            case SPAWN_FAILED -> {
                in.exactly(8);
                SpawnFailure.Stage stage = in.choice(SpawnFailure.Stage.values());
                yield new GuestFrame.SpawnFailed(exec(header), new SpawnFailure(stage, in.natural32()));
            }
            case OUTPUT -> {
                in.between(17, GuestProtocol.MAX_OUTPUT_BYTES - 1);
                yield new GuestFrame.Output(exec(header), in.stream(), in.natural64(), in.rest());
            }
            case OUTPUT_CLOSED -> {
                in.exactly(16);
                yield new GuestFrame.OutputClosed(exec(header), in.stream(), in.natural64());
            }
            case INPUT_CREDIT -> {
                in.exactly(16);
                yield credit(exec(header), in.natural64(), in.natural64());
            }
            case INPUT_CLOSED -> {
                in.exactly(8);
                yield new GuestFrame.InputClosed(exec(header), in.natural64());
            }
            case EXIT -> {
                in.exactly(ExitReportCodec.BYTES);
                yield new GuestFrame.Exit(exec(header), ExitReportCodec.decode(in));
            }
            case REPLY -> {
                in.exactly(8);
                yield new GuestFrame.Reply(header.exec(), in.natural32(), in.natural32());
            }
            case PONG -> {
                in.exactly(16);
                yield new GuestFrame.Pong(header.exec(), in.natural64(), in.any64());
            }
            case COMPLAINT -> {
                in.exactly(16);
                GuestError.Code code = in.choice(GuestError.Code.values());
                yield new GuestFrame.Complaint(
                        new GuestError(code, header.exec(), in.between32(0, 255), in.natural64()));
            }
            case GOODBYE -> {
                in.exactly(0);
                yield new GuestFrame.Goodbye();
            }
            default -> throw new GuestProtocolException(Violation.TYPE, "type " + header.type());
        };
    }

    private static GuestFrame hello(FieldReader in) {
        in.exactly(HELLO_BYTES);
        Nonce nonce = in.nonce();
        int version = in.u16();
        if (in.u16() != 0) {
            throw new GuestProtocolException(Violation.FIELD, "reserved bytes are set");
        }
        int execs = in.between32(0, GuestProtocol.MAX_EXECS);
        UUID bootId = new UUID(in.any64(), in.any64());
        return new GuestFrame.Hello(nonce, version, execs, bootId, in.natural32(), in.natural32());
    }

    private static GuestExec report(FrameHeader header, FieldReader in) {
        in.exactly(64);
        GuestExec.State state = in.choice(GuestExec.State.values());
        int pid = in.natural32();
        int flags = in.between32(0, 7);
        in.zero32();
        GuestExec.Output stdout = output(in, (flags & STDOUT_CLOSED) != 0);
        GuestExec.Output stderr = output(in, (flags & STDERR_CLOSED) != 0);
        GuestFrame.InputCredit input = credit(exec(header), in.natural64(), in.natural64());
        boolean inputClosed = (flags & INPUT_IS_CLOSED) != 0;
        return new GuestExec(input.exec(), state, pid, stdout, stderr, inputClosed, input.accepted(), input.limit());
    }

    private static GuestExec.Output output(FieldReader in, boolean closed) {
        long oldest = in.natural64();
        long end = in.natural64();
        ordered(oldest, end);
        return new GuestExec.Output(oldest, end, closed);
    }

    private static GuestFrame.InputCredit credit(int exec, long accepted, long limit) {
        ordered(accepted, limit);
        return new GuestFrame.InputCredit(exec, accepted, limit);
    }

    private static void ordered(long low, long high) {
        if (low > high) {
            throw new GuestProtocolException(Violation.OFFSET, "offsets go back");
        }
    }

    private static int wire(StdStream stream) {
        return stream == StdStream.STDOUT ? 0 : 1;
    }

    private static int exec(FrameHeader header) {
        return FieldReader.execNumber(header.exec());
    }
}
