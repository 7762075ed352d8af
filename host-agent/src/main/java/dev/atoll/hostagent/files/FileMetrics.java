package dev.atoll.hostagent.files;

import dev.atoll.model.file.FileOperation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What is counted of files. Thread-safe. */
public final class FileMetrics {
    private final MeterRegistry metrics;
    private final AtomicInteger processes;
    private final Counter read;
    private final Counter written;
    private final Timer starts;

    public FileMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
        this.processes = new AtomicInteger();
        this.read = bytes("read");
        this.written = bytes("written");
        this.starts = Timer.builder("atoll.files.process.start")
                .description("Starting a process of the file service in a sandbox, until it can be asked")
                .publishPercentileHistogram()
                .register(metrics);
        Gauge.builder("atoll.files.processes", processes, AtomicInteger::get)
                .description("Processes of the file service in all sandboxes of this host")
                .register(metrics);
    }

    private Counter bytes(String direction) {
        return Counter.builder("atoll.files")
                .baseUnit("bytes")
                .description("Content of files and archives, by direction")
                .tag("direction", direction)
                .register(metrics);
    }

    void started(Duration took) {
        processes.incrementAndGet();
        starts.record(took);
    }

    void ended() {
        processes.decrementAndGet();
    }

    void read(int count) {
        read.increment(count);
    }

    void written(int count) {
        written.increment(count);
    }

    /** {@code outcome}: {@code ok}, {@code given_up}, or a problem's code. */
    void done(FileOperation operation, String outcome) {
        Counter.builder("atoll.files.operations")
                .description("File operations by kind and outcome")
                .tag("operation", word(operation))
                .tag("outcome", outcome)
                .register(metrics)
                .increment();
    }

    private static String word(FileOperation operation) {
        return switch (operation) {
            case FileOperation.Stat stat -> "stat";
            case FileOperation.ListDirectory list -> "list";
            case FileOperation.Glob glob -> "glob";
            case FileOperation.Grep grep -> "grep";
            case FileOperation.Read read -> "read";
            case FileOperation.ReadLines lines -> "read_lines";
            case FileOperation.Write write -> "write";
            case FileOperation.MakeDirectory make -> "make_directory";
            case FileOperation.Move move -> "move";
            case FileOperation.Copy copy -> "copy";
            case FileOperation.Remove remove -> "remove";
            case FileOperation.SetAttributes set -> "set_attributes";
            case FileOperation.SymbolicLink link -> "symbolic_link";
            case FileOperation.Watch watch -> "watch";
            case FileOperation.Pack pack -> "pack";
            case FileOperation.Unpack unpack -> "unpack";
            case FileOperation.Apply apply -> "apply";
        };
    }
}
