package dev.atoll.isolation.guest;

import dev.atoll.isolation.guest.GuestProtocolException.Violation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One attach from its question to its last exec report. Used by the reading thread; {@link #hello} by the asking one. */
final class Attachment {
    /** More than two full FIFOs of an earlier host's frames can hardly come before the answer. */
    private static final long MAX_SKIPPED_BYTES = 8L * 1024 * 1024;

    private final Nonce nonce;
    private final ByteBuffer wanted;
    private final CompletableFuture<GuestHello> hello = new CompletableFuture<>();
    private final Map<Integer, GuestExec> execs = new HashMap<>();
    private GuestFrame.@Nullable Hello greeting;
    private long skipped;

    Attachment(Nonce nonce) {
        this.nonce = nonce;
        wanted = ByteBuffer.allocate(GuestProtocol.HEADER_BYTES + Nonce.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        FrameHeader.write(wanted, GuestFrameCodec.HELLO, 0);
        wanted.putInt(FrameHeader.LENGTH_AT, GuestFrameCodec.HELLO_BYTES);
        wanted.putLong(nonce.high()).putLong(nonce.low()).flip();
    }

    HostFrame question() {
        return new HostFrame.Attach(nonce, GuestProtocol.OLDEST_VERSION, GuestProtocol.VERSION);
    }

    CompletableFuture<GuestHello> hello() {
        return hello;
    }

    /** Skips what an earlier host left half-written; true when the hello comes next. */
    boolean found(FrameDecoder<GuestFrame> decoder) {
        int result = decoder.seek(wanted);
        skipped += result >= 0 ? result : -1 - result;
        if (skipped > MAX_SKIPPED_BYTES) {
            throw new GuestProtocolException(Violation.NO_HELLO, "no answer within " + skipped + " bytes");
        }
        return result >= 0;
    }

    /** Takes the frames between hello and ready; true when the last one has come. */
    boolean take(GuestFrame frame) {
        switch (frame) {
            case GuestFrame.Hello f -> greet(f);
            case GuestFrame.ExecReport(GuestExec exec) -> {
                if (execs.size() >= GuestProtocol.MAX_EXECS || execs.put(exec.exec(), exec) != null) {
                    throw new GuestProtocolException(Violation.EXECS, "exec " + exec.exec() + " is one too many");
                }
            }
            case GuestFrame.Ready(int count) -> {
                if (count != execs.size()) {
                    throw new GuestProtocolException(
                            Violation.EXECS, count + " execs and " + execs.size() + " reports");
                }
                return true;
            }
            default -> throw new GuestProtocolException(Violation.TYPE, "a frame that has no place in a hello");
        }
        return false;
    }

    private void greet(GuestFrame.Hello f) {
        if (greeting != null) {
            throw new GuestProtocolException(Violation.TYPE, "two hellos");
        }
        if (f.version() < GuestProtocol.OLDEST_VERSION || f.version() > GuestProtocol.VERSION) {
            throw new GuestProtocolException(Violation.VERSION, "the guest offers version " + f.version());
        }
        greeting = f;
    }

    GuestHello outcome() {
        GuestFrame.Hello f = greeting;
        if (f == null) {
            throw new IllegalStateException("no hello yet");
        }
        return new GuestHello(f.version(), f.bootId(), f.outputWindow(), f.inputWindow(), List.copyOf(execs.values()));
    }
}
