package dev.atoll.isolation.runsc;

import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.isolation.guest.RecordingListener;
import dev.atoll.isolation.guest.SpawnRequest;
import dev.atoll.isolation.linux.FifoTransport;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.model.exec.StdStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Runs commands in a started box whose PID 1 is the real guest. */
final class CommandsInBox implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;
    private static final Map<String, String> PATH = Map.of("PATH", "/bin");

    private final RecordingListener heard = new RecordingListener();
    private final GuestLink link;
    private int last;

    CommandsInBox(Poller poller, BoxSpec spec) throws Exception {
        link = new GuestLink(
                FifoTransport.open(poller, spec.stdin(), spec.stdout()), heard, RandomGenerator.of("L64X128MixRandom"));
        Thread.ofVirtual().start(link::run);
        heard.acknowledgeThrough(link);
        link.attach(heard::resumePoint, Duration.ofSeconds(PATIENCE_SECONDS));
    }

    /** Starts a command and leaves it alone; returns its number. */
    int start(String... command) throws Exception {
        link.spawn(++last, SpawnRequest.of(PATH, command));
        return last;
    }

    /** Runs a script to its end and returns what it printed, stdout before stderr. */
    String run(String script) throws Exception {
        return end(start("sh", "-c", script));
    }

    /** Waits for the end of a command; fails when it could not be started. */
    String end(int exec) {
        RecordingListener.Heard of = heard.awaitEnd(exec);
        if (of.failure() != null) {
            throw new AssertionError("exec " + exec + " did not start: " + of.failure());
        }
        return (of.text(StdStream.STDOUT) + of.text(StdStream.STDERR)).strip();
    }

    /** Fails when PID 1 does not answer. */
    void ping() throws Exception {
        link.ping().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        link.close();
    }
}
