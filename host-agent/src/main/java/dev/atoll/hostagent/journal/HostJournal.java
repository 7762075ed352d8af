package dev.atoll.hostagent.journal;

import dev.atoll.hostagent.place.PrivateDirectory;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What this host has made or is about to make: its boxes, and its sandboxes, each of which uses a box. Thread-safe.
 *
 * @param boxes by {@code BoxId}
 * @param sandboxes by {@code SandboxId}
 */
public record HostJournal(JournalDirectory<BoxEntry> boxes, JournalDirectory<SandboxEntry> sandboxes) {
    /** Opens the journals in a directory, made when absent. */
    public static HostJournal open(Path directory, MeterRegistry metrics) throws IOException {
        HostJournal journal = new HostJournal(
                new JournalDirectory<>(PrivateDirectory.make(directory.resolve("boxes")), BoxEntry.class),
                new JournalDirectory<>(PrivateDirectory.make(directory.resolve("sandboxes")), SandboxEntry.class));
        Gauge.builder("atoll.journal.size", journal, HostJournal::bytes)
                .baseUnit("bytes")
                .description("Size of the journals of all boxes and sandboxes on this host")
                .strongReference(true)
                .register(metrics);
        return journal;
    }

    private double bytes() {
        try {
            return boxes.bytes() + sandboxes.bytes();
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
