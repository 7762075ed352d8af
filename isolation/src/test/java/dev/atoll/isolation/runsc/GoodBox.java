package dev.atoll.isolation.runsc;

import dev.atoll.isolation.guest.Detachment;
import dev.atoll.isolation.guest.ExitReport;
import dev.atoll.isolation.guest.GuestError;
import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.isolation.guest.GuestListener;
import dev.atoll.isolation.guest.ResumePolicy;
import dev.atoll.isolation.guest.SpawnFailure;
import dev.atoll.isolation.guest.SpawnRequest;
import dev.atoll.isolation.linux.FifoTransport;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.model.exec.StdStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** A box in which somebody runs a short command now and then, and times it without polling. */
final class GoodBox implements GuestListener, AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final Map<Integer, CountDownLatch> running = new ConcurrentHashMap<>();
    private final GuestLink link;
    private int last;

    GoodBox(Poller poller, BoxSpec spec) throws Exception {
        link = new GuestLink(
                FifoTransport.open(poller, spec.stdin(), spec.stdout()), this, RandomGenerator.of("L64X128MixRandom"));
        Thread.ofPlatform().daemon().start(link::run);
        link.attach(ResumePolicy.oldest(), Duration.ofSeconds(PATIENCE_SECONDS));
    }

    /** Milliseconds from the request to the end of {@code true}. */
    double runTrue() throws Exception {
        int exec = ++last;
        CountDownLatch ended = new CountDownLatch(1);
        running.put(exec, ended);
        long begun = System.nanoTime();
        link.spawn(exec, SpawnRequest.of(Map.of("PATH", "/bin"), "true"));
        if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("exec " + exec + " did not end");
        }
        double took = (System.nanoTime() - begun) / 1e6;
        running.remove(exec);
        link.acknowledgeExit(exec);
        return took;
    }

    @Override
    public void onExit(int exec, ExitReport report) {
        CountDownLatch ended = running.get(exec);
        if (ended != null) {
            ended.countDown();
        }
    }

    @Override
    public void onStarted(int exec, int pid) {}

    @Override
    public void onSpawnFailed(int exec, SpawnFailure failure) {
        throw new IllegalStateException("exec " + exec + ": " + failure);
    }

    @Override
    public void onOutput(int exec, StdStream stream, long offset, ByteBuffer bytes) {}

    @Override
    public void onOutputClosed(int exec, StdStream stream, long end) {}

    @Override
    public void onInputCredit(int exec, long accepted, long limit) {}

    @Override
    public void onInputClosed(int exec, long accepted) {}

    @Override
    public void onGuestError(GuestError error) {}

    @Override
    public void onDetached(Detachment cause) {}

    @Override
    public void close() {
        link.close();
    }
}
