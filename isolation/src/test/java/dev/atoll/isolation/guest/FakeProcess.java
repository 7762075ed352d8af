package dev.atoll.isolation.guest;

import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.TerminalSize;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A process of a {@link FakeGuest}: what its program may do, and what the guest keeps of it. Guarded by the guest's lock where shared. */
public final class FakeProcess {
    static final int OUTPUT_WINDOW = 256 * 1024;
    static final int INPUT_WINDOW = 16 * 1024;

    /** One output stream: the bytes from {@code base} on that the host has not acknowledged. */
    static final class Retained {
        long base;
        byte[] bytes = {};
        boolean closed;

        long end() {
            return base + bytes.length;
        }

        void acknowledge(long offset) {
            if (offset > base) {
                bytes = Arrays.copyOfRange(bytes, (int) (offset - base), bytes.length);
                base = offset;
            }
        }
    }

    final int number;
    final SpawnRequest request;
    final Retained[] output = {new Retained(), new Retained()};
    private final FakeGuest guest;
    private final Map<String, String> environment;
    private final ByteArrayOutputStream input = new ByteArrayOutputStream();
    long inputAccepted;
    boolean inputClosed;
    boolean resumed = true;

    @Nullable
    SpawnFailure failure;

    @Nullable
    ExitReport exit;

    private Optional<TerminalSize> size;
    private Optional<Integer> signal = Optional.empty();
    private @Nullable Thread thread;

    FakeProcess(FakeGuest guest, int number, SpawnRequest request, Map<String, String> environment) {
        this.guest = guest;
        this.number = number;
        this.request = request;
        this.environment = environment;
        inputClosed = !request.stdin();
        size = request.terminal();
        output[1].closed = size.isPresent();
    }

    /** Waits until its terminal has another size than this. */
    public TerminalSize sizeOtherThan(Optional<TerminalSize> known) throws InterruptedException {
        synchronized (guest.lock) {
            while (size.equals(known)) {
                guest.lock.wait();
            }
            return size.orElseThrow();
        }
    }

    /** Linux error number. */
    int resize(TerminalSize to) {
        if (size.isEmpty()) {
            return 25;
        }
        if (exit != null) {
            return 3;
        }
        size = Optional.of(to);
        guest.lock.notifyAll();
        return 0;
    }

    public List<String> argv() {
        return request.argv();
    }

    public Map<String, String> environment() {
        return environment;
    }

    public String workingDirectory() {
        return request.workingDirectory().isEmpty() ? "/" : request.workingDirectory();
    }

    /** Waits while the host has not acknowledged a window's worth. */
    public void write(StdStream stream, byte[] bytes) throws InterruptedException {
        for (int at = 0; at < bytes.length; ) {
            at += writeSome(stream, bytes, at);
        }
    }

    private int writeSome(StdStream stream, byte[] bytes, int at) throws InterruptedException {
        synchronized (guest.lock) {
            Retained out = output[stream.ordinal()];
            while (out.bytes.length >= OUTPUT_WINDOW) {
                guest.lock.wait();
            }
            int part = Math.min(bytes.length - at, OUTPUT_WINDOW - out.bytes.length);
            long offset = out.end();
            byte[] grown = Arrays.copyOf(out.bytes, out.bytes.length + part);
            System.arraycopy(bytes, at, grown, out.bytes.length, part);
            out.bytes = grown;
            guest.tell(
                    this,
                    new GuestFrame.Output(
                            number,
                            stream,
                            offset,
                            ByteBuffer.wrap(bytes, at, part).slice()));
            return part;
        }
    }

    /** What stdin has, waiting for the first byte; empty at its end. */
    public byte[] read() throws InterruptedException {
        synchronized (guest.lock) {
            while (input.size() == 0 && !inputClosed) {
                guest.lock.wait();
            }
            byte[] bytes = input.toByteArray();
            input.reset();
            if (!inputClosed) {
                guest.tell(this, credit());
            }
            return bytes;
        }
    }

    GuestFrame.InputCredit credit() {
        return new GuestFrame.InputCredit(number, inputAccepted, inputAccepted - input.size() + INPUT_WINDOW);
    }

    void takeInput(long offset, ByteBuffer bytes) {
        if (inputClosed || offset > inputAccepted || offset + bytes.remaining() > credit().limit()) {
            return;
        }
        bytes.position((int) Math.min(bytes.limit(), bytes.position() + inputAccepted - offset));
        byte[] fresh = new byte[bytes.remaining()];
        bytes.get(fresh);
        input.writeBytes(fresh);
        inputAccepted += fresh.length;
        guest.lock.notifyAll();
    }

    void start(FakeProgram program) {
        thread = Thread.ofVirtual().name("fake-exec-" + number).start(() -> live(program));
    }

    private void live(FakeProgram program) {
        ExitStatus status;
        try {
            status = new ExitStatus.Exited(program.run(this) & 0xff);
        } catch (InterruptedException e) {
            status = new ExitStatus.Signaled(signal.orElse(9), false);
        }
        synchronized (guest.lock) {
            ResourceUsage usage = new ResourceUsage(Duration.ofMillis(1), Duration.ZERO, 1 << 20, 10, 0, 1, 1);
            exit = new ExitReport(status, usage, Duration.ofMillis(1), output[0].end(), output[1].end());
            for (StdStream stream : StdStream.values()) {
                Retained out = output[stream.ordinal()];
                if (out.closed) {
                    continue;
                }
                out.closed = true;
                guest.tell(this, new GuestFrame.OutputClosed(number, stream, out.end()));
            }
            guest.tell(this, new GuestFrame.Exit(number, exit));
            guest.lock.notifyAll();
        }
    }

    /** Linux error number. */
    int signal(int number) {
        Thread running = thread;
        if (running == null || exit != null) {
            return 3;
        }
        signal = Optional.of(number);
        running.interrupt();
        return 0;
    }

    GuestExec report() {
        GuestExec.State state = failure != null
                ? GuestExec.State.FAILED
                : exit != null ? GuestExec.State.EXITED : GuestExec.State.RUNNING;
        return new GuestExec(
                number,
                state,
                failure == null ? pid() : 0,
                new GuestExec.Output(output[0].base, output[0].end(), output[0].closed),
                new GuestExec.Output(output[1].base, output[1].end(), output[1].closed),
                inputClosed,
                inputAccepted,
                credit().limit());
    }

    int pid() {
        return 100 + number;
    }
}
