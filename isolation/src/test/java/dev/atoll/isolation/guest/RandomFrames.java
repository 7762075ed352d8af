package dev.atoll.isolation.guest;

import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.UUID;

/** Frames with every field drawn from its whole range. */
final class RandomFrames {
    private final Random random;

    RandomFrames(long seed) {
        random = new Random(seed);
    }

    HostFrame host() {
        return switch (random.nextInt(12)) {
            case 0 -> new HostFrame.Attach(nonce(), random.nextInt(65_536), random.nextInt(65_536));
            case 1 -> new HostFrame.Resume(exec(), natural64(), natural64());
            case 2 -> new HostFrame.SpawnPart(exec(), natural32(), natural32(), bytes(HostFrameCodec.MAX_PART));
            case 3 -> new HostFrame.Input(exec(), natural64(), bytes(HostFrameCodec.MAX_INPUT));
            case 4 -> new HostFrame.CloseInput(exec(), natural64());
            case 5 -> new HostFrame.Acknowledge(exec(), stream(), natural64());
            case 6 -> new HostFrame.Release(exec());
            case 7 ->
                new HostFrame.Signal(exec(), random.nextInt(), 1 + random.nextInt(64), choice(SignalScope.values()));
            case 8 ->
                new HostFrame.IdentityPart(random.nextInt(), natural32(), natural32(), bytes(HostFrameCodec.MAX_PART));
            case 9 -> new HostFrame.Ping(random.nextInt());
            case 10 -> new HostFrame.Resize(exec(), random.nextInt(), random.nextInt(65_536), random.nextInt(65_536));
            default -> new HostFrame.Shutdown(natural32());
        };
    }

    GuestFrame guest() {
        return switch (random.nextInt(14)) {
            case 0 ->
                new GuestFrame.Hello(
                        nonce(),
                        random.nextInt(65_536),
                        execs(),
                        new UUID(random.nextLong(), random.nextLong()),
                        natural32(),
                        natural32());
            case 1 -> new GuestFrame.ExecReport(report());
            case 2 -> new GuestFrame.Ready(execs());
            case 3 -> new GuestFrame.Started(exec(), exec());
            case 4 ->
                new GuestFrame.SpawnFailed(exec(), new SpawnFailure(choice(SpawnFailure.Stage.values()), natural32()));
            case 5 -> new GuestFrame.Output(exec(), stream(), natural64(), bytes(GuestProtocol.MAX_OUTPUT_BYTES));
            case 6 -> new GuestFrame.OutputClosed(exec(), stream(), natural64());
            case 7 -> {
                long accepted = natural64();
                yield new GuestFrame.InputCredit(
                        exec(), accepted, accepted + random.nextLong(Long.MAX_VALUE - accepted));
            }
            case 8 -> new GuestFrame.InputClosed(exec(), natural64());
            case 9 -> new GuestFrame.Exit(exec(), exit());
            case 10 -> new GuestFrame.Reply(random.nextInt(), natural32(), natural32());
            case 11 -> new GuestFrame.Pong(random.nextInt(), natural64(), random.nextLong());
            case 12 ->
                new GuestFrame.Complaint(new GuestError(
                        choice(GuestError.Code.values()), random.nextInt(), random.nextInt(256), natural64()));
            default -> new GuestFrame.Goodbye();
        };
    }

    private GuestExec report() {
        long accepted = natural64() / 2;
        return new GuestExec(
                exec(),
                choice(GuestExec.State.values()),
                natural32(),
                output(),
                output(),
                random.nextBoolean(),
                accepted,
                accepted + 65_536);
    }

    private GuestExec.Output output() {
        long oldest = natural64() / 2;
        return new GuestExec.Output(oldest, oldest + random.nextInt(1 << 20), random.nextBoolean());
    }

    private ExitReport exit() {
        ExitStatus status = random.nextBoolean()
                ? new ExitStatus.Exited(random.nextInt(256))
                : new ExitStatus.Signaled(1 + random.nextInt(64), random.nextBoolean());
        ResourceUsage usage =
                new ResourceUsage(micros(), micros(), natural64(), natural64(), natural64(), natural64(), natural64());
        Duration lasted = Duration.of(random.nextInt(Integer.MAX_VALUE), ChronoUnit.MICROS);
        return new ExitReport(status, usage, lasted, natural64(), natural64());
    }

    private Duration micros() {
        return Duration.of(random.nextLong(1L << 50), ChronoUnit.MICROS);
    }

    private Nonce nonce() {
        return new Nonce(random.nextLong(), random.nextLong());
    }

    private int exec() {
        return 1 + random.nextInt(Integer.MAX_VALUE);
    }

    private int execs() {
        return random.nextInt(GuestProtocol.MAX_EXECS + 1);
    }

    private int natural32() {
        return random.nextInt(Integer.MAX_VALUE);
    }

    private long natural64() {
        return random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63);
    }

    private StdStream stream() {
        return choice(StdStream.values());
    }

    private <E> E choice(E[] values) {
        return values[random.nextInt(values.length)];
    }

    private ByteBuffer bytes(int most) {
        byte[] bytes = new byte[random.nextInt(8) == 0 ? most : 1 + random.nextInt(40)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
