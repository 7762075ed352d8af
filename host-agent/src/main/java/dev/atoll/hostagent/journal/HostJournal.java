package dev.atoll.hostagent.journal;

import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.ProblemException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The journals of all sandboxes of a host: one file each, named after the sandbox, in a directory that only root can read. Thread-safe. */
public final class HostJournal {
    private static final String SUFFIX = ".journal";

    private final Path directory;

    /** What an earlier life wrote of one sandbox; no entries when it died before the first was whole. */
    public record Found(SandboxId sandbox, List<JournalEntry> entries) {
        public Found {
            entries = List.copyOf(entries);
        }

        public Optional<JournalEntry.Begun> begun() {
            return entries.stream()
                    .filter(JournalEntry.Begun.class::isInstance)
                    .map(JournalEntry.Begun.class::cast)
                    .findFirst();
        }

        /** The newest generation that was seen. */
        public long generation() {
            long generation = 0;
            for (JournalEntry entry : entries) {
                switch (entry) {
                    case JournalEntry.Begun begun -> generation = begun.plan().generation();
                    case JournalEntry.Raised raised -> generation = raised.generation();
                    case JournalEntry.Making _,
                            JournalEntry.Undoing _,
                            JournalEntry.Running _,
                            JournalEntry.Ended _ -> {}
                }
            }
            return generation;
        }
    }

    public HostJournal(Path directory, MeterRegistry metrics) {
        this.directory = directory;
        Gauge.builder("atoll.journal.size", this, HostJournal::bytes)
                .baseUnit("bytes")
                .description("Size of the journals of all sandboxes on this host")
                .register(metrics);
    }

    /** The journal of a sandbox, made when absent. */
    public SandboxJournal open(SandboxId sandbox) {
        try {
            return new SandboxJournal(RecordFile.open(fileOf(sandbox)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing is left of a sandbox. Twice is harmless. */
    public void remove(SandboxId sandbox) {
        try {
            Files.deleteIfExists(fileOf(sandbox));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All journals there are. */
    public List<Found> read() throws IOException {
        List<Found> found = new ArrayList<>();
        for (Path file : files()) {
            Optional<SandboxId> sandbox = sandboxOf(file);
            if (sandbox.isPresent()) {
                found.add(new Found(sandbox.get(), SandboxJournal.entries(RecordFile.read(file))));
            }
        }
        return found;
    }

    private double bytes() {
        try {
            long sum = 0;
            for (Path file : files()) {
                sum += Files.exists(file) ? Files.size(file) : 0;
            }
            return sum;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            all.forEach(files::add);
        }
        return files;
    }

    private Path fileOf(SandboxId sandbox) {
        return directory.resolve(sandbox.value() + SUFFIX);
    }

    private static Optional<SandboxId> sandboxOf(Path file) {
        String name = file.getFileName().toString();
        try {
            return Optional.of(new SandboxId(name.substring(0, name.length() - SUFFIX.length())));
        } catch (ProblemException stranger) {
            return Optional.empty();
        }
    }
}
