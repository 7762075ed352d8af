package dev.atoll.hostagent.output;

import dev.atoll.model.exec.StdStream;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the logs of one host and holds what they share. Thread-safe. */
public final class OutputStore {
    private static final Logger LOG = LoggerFactory.getLogger(OutputStore.class);

    private final OutputSettings settings;
    private final Clock clock;
    private final LongSupplier nanos;
    private final ScratchBuffers scratch = new ScratchBuffers();
    private final Set<OutputLog> starved = ConcurrentHashMap.newKeySet();
    private final Set<Acknowledgements> owing = ConcurrentHashMap.newKeySet();
    private final AtomicLong tailBytes = new AtomicLong();
    private final Counter bytes;
    private final Counter failures;

    /** {@code nanos} is a monotonic clock: {@link System#nanoTime}. */
    public OutputStore(OutputSettings settings, Clock clock, LongSupplier nanos, MeterRegistry metrics) {
        this.settings = settings;
        this.clock = clock;
        this.nanos = nanos;
        this.bytes = Counter.builder("atoll.output")
                .baseUnit("bytes")
                .description("Output of execs written to disk")
                .register(metrics);
        this.failures = Counter.builder("atoll.output.failures")
                .description("Logs that could not be written")
                .register(metrics);
        Gauge.builder("atoll.output.held", starved, Set::size)
                .description("Execs that wait because a reader has not read what they wrote")
                .register(metrics);
    }

    /** A new log; its files appear in {@code directory} with the first byte. */
    public OutputLog create(Path directory, String name, Acknowledger acknowledger) {
        return new OutputLog(new SegmentFiles(directory, name), this, acknowledger);
    }

    /** What an earlier life wrote in a directory. */
    public RecoveredLogs recovery(Path directory) throws IOException {
        return new RecoveredLogs(directory, this);
    }

    /**
     * To be called once in a while, at most seconds apart: lets processes run on whose readers have been patient for too long, and those of
     * guests that are short of memory.
     */
    public void relieve() {
        starved.forEach(OutputLog::settle);
        for (Acknowledgements some : owing) {
            owing.remove(some);
            some.sendAll();
        }
    }

    OutputSettings settings() {
        return settings;
    }

    Clock clock() {
        return clock;
    }

    long nanos() {
        return nanos.getAsLong();
    }

    ScratchBuffers scratch() {
        return scratch;
    }

    /** Bytes that the tails of all logs hold. */
    AtomicLong tailBytes() {
        return tailBytes;
    }

    void starved(OutputLog log) {
        starved.add(log);
    }

    void satisfied(OutputLog log) {
        starved.remove(log);
    }

    /** These have saved something up that a guest might wait for. */
    void owing(Acknowledgements some) {
        owing.add(some);
    }

    boolean isStarved(OutputLog log) {
        return starved.contains(log);
    }

    void wrote(int length) {
        bytes.increment(length);
    }

    void failed(String name, IOException cause) {
        failures.increment();
        LOG.error("output of {} cannot be kept", name, cause);
    }

    /** Nothing to tell: for logs whose guest is gone. */
    public static Acknowledger nobody() {
        return (StdStream stream, long offset) -> {};
    }
}
