package dev.atoll.isolation.runsc;

import dev.atoll.isolation.guest.ExitStatus;
import dev.atoll.isolation.guest.GuestHello;
import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.isolation.guest.RecordingListener;
import dev.atoll.isolation.guest.SignalScope;
import dev.atoll.isolation.guest.SpawnRequest;
import dev.atoll.isolation.linux.FifoTransport;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runtime.BoxImage;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.SandboxRuntime;
import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** A box whose PID 1 is the real guest, and the record that its host keeps of it. */
final class GuestInBox implements AutoCloseable {

    static final long PATIENCE_SECONDS = 30;
    private static final int FIRST_NEW_EXEC = 1_000;

    private static final int SIGTERM = 15;
    private static final Map<String, String> PATH = Map.of("PATH", "/bin");

    private final SandboxRuntime runtime;
    private final Poller poller;
    private final BoxSpec spec;
    private final RecordingListener heard;
    private int lastNewExec;
    private GuestLink link;

    private GuestInBox(SandboxRuntime runtime, Poller poller, BoxSpec spec, RecordingListener heard, int lastNewExec)
            throws Exception {
        this.runtime = runtime;
        this.poller = poller;
        this.spec = spec;
        this.heard = heard;
        this.lastNewExec = lastNewExec;
        this.link = open();
    }

    /** A host that knows nothing of the guest yet. */
    static GuestInBox fresh(SandboxRuntime runtime, Poller poller, BoxSpec spec) throws Exception {
        return new GuestInBox(runtime, poller, spec, new RecordingListener(), FIRST_NEW_EXEC);
    }

    /** The host of a clone: it has a copy of what the original's had on record. */
    static GuestInBox after(Fork fork, SandboxRuntime runtime, Poller poller, BoxSpec spec) throws Exception {
        return new GuestInBox(runtime, poller, spec, fork.record().copyOfOutput(), fork.lastNewExec());
    }

    private GuestLink open() throws Exception {
        GuestLink fresh = new GuestLink(
                FifoTransport.open(poller, spec.stdin(), spec.stdout()), heard, RandomGenerator.of("L64X128MixRandom"));
        heard.forgetDetachment();
        Thread.ofVirtual().start(fresh::run);
        heard.acknowledgeThrough(fresh);
        return fresh;
    }

    BoxSpec spec() {
        return spec;
    }

    RecordingListener heard() {
        return heard;
    }

    GuestLink link() {
        return link;
    }

    /** Whether what comes is acknowledged at once; otherwise windows fill and processes stand still. */
    void acknowledge(boolean prompt) {
        heard.acknowledgeThrough(prompt ? link : null);
    }

    GuestHello attach() throws Exception {
        return link.attach(heard::resumePoint, Duration.ofSeconds(PATIENCE_SECONDS));
    }

    /** The host is gone: nobody reads any more, and nothing was said to the guest. */
    void loseHost() {
        link.close();
        RecordingListener.await(() -> heard.detachment() != null, () -> "the link has ended");
    }

    void comeBack() throws Exception {
        link = open();
        attach();
    }

    /** What the host has now, with an image that was taken while nothing was delivered to it. */
    Fork with(BoxImage image, RecordingListener record) {
        return new Fork(image, record, lastNewExec);
    }

    /** An image, and what the host had on record when it was taken; a clone's host must not use an exec number again. */
    record Fork(BoxImage image, RecordingListener record, int lastNewExec) {}

    /** As a host has to do it: nothing that is read from now on is believed until the next attach. */
    Fork fork(Path directory) throws Exception {
        link.suspend();
        RecordingListener record = heard.copyOfOutput();
        BoxImage image = runtime.checkpoint(spec.id(), directory);
        attach();
        return new Fork(image, record, lastNewExec);
    }

    void spawn(int exec, String script) throws Exception {
        link.spawn(exec, SpawnRequest.of(PATH, "sh", "-c", script));
    }

    void spawnWithStdin(int exec, String script) throws Exception {
        link.spawn(exec, SpawnRequest.of(PATH, "sh", "-c", script).withStdin());
    }

    /** Runs a new command to its end and returns its stdout. */
    String run(String script) throws Exception {
        int exec = ++lastNewExec;
        spawn(exec, script);
        RecordingListener.Heard of = heard.awaitEnd(exec);
        if (of.failure() != null || !(of.exit().status() instanceof ExitStatus.Exited)) {
            throw new AssertionError(script + ": " + of.failure() + " " + of.exit());
        }
        link.acknowledgeExit(exec);
        return of.text(StdStream.STDOUT);
    }

    ExitStatus terminate(int exec) throws Exception {
        int errno = link.signal(exec, SIGTERM, SignalScope.SESSION).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (errno != 0) {
            throw new AssertionError("signal: errno " + errno);
        }
        return heard.awaitEnd(exec).exit().status();
    }

    /** Sends {@code bytes} from the offset {@code from} on, as room for them comes. */
    void feed(int exec, byte[] bytes, int from) throws Exception {
        ByteBuffer rest = ByteBuffer.wrap(bytes, from, bytes.length - from);
        while (rest.hasRemaining()) {
            long limit = heard.of(exec).inputLimit();
            if (link.writeInput(exec, rest.position(), rest) == 0) {
                RecordingListener.await(() -> heard.of(exec).inputLimit() > limit, () -> "room for input");
            }
        }
        link.closeInput(exec, bytes.length);
    }

    void awaitStdout(int exec, int length) {
        RecordingListener.Heard of = heard.of(exec);
        RecordingListener.await(
                () -> of.length(StdStream.STDOUT) >= length,
                () -> "exec " + exec + " has written " + length + " bytes; detached: " + heard.detachment());
    }

    @Override
    public void close() {
        link.close();
    }
}
