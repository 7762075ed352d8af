package dev.atoll.hostagent.retained;

import dev.atoll.hostagent.exec.ExecEnvironment;
import dev.atoll.hostagent.exec.ExecHost;
import dev.atoll.hostagent.exec.ExecTable;
import dev.atoll.hostagent.exec.GuestHold;
import dev.atoll.hostagent.place.PrivateDirectory;
import dev.atoll.model.exec.Exec;
import dev.atoll.model.exec.ExecEndReason;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.image.ImageConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What ended sandboxes of this host said. The files stay where they were written, so that whoever is reading them reads on; what changes is
 * their owner: from here on a record says that they are kept, and until when. It is written before the sandbox's own journal goes, so
 * that there is no moment in which nobody owns them.
 *
 * <p>Thread-safe.
 */
public final class RetainedSandboxes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RetainedSandboxes.class);

    /** Tables in memory: those that ended last or were read last. Others are read from disk when they are asked for. */
    private static final int TABLES = 64;

    private final RetentionSettings settings;
    private final Path sandboxes;
    private final ExecHost execs;
    private final RetainedLog log;
    private final RetainedMetrics metrics;
    private final Map<SandboxId, RetainedRecord.Kept> kept;
    private final Map<SandboxId, ExecTable> tables = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** Why something is not kept any longer. */
    enum Why {
        EXPIRED,
        BOUNDS,
        DISK;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private RetainedSandboxes(
            RetentionSettings settings,
            Path sandboxes,
            ExecHost execs,
            RetainedLog log,
            Map<SandboxId, RetainedRecord.Kept> kept,
            RetainedMetrics metrics) {
        this.settings = settings;
        this.sandboxes = sandboxes;
        this.execs = execs;
        this.log = log;
        this.kept = kept;
        this.metrics = metrics;
        this.bytes =
                kept.values().stream().mapToLong(RetainedRecord.Kept::bytes).sum();
        metrics.shows(this::count, this::bytes);
    }

    /**
     * Takes over what an earlier life kept.
     *
     * @param file the record of what is kept
     * @param sandboxes the directory of the files of sandboxes, those that live included
     */
    public static RetainedSandboxes open(
            Path file, Path sandboxes, RetentionSettings settings, ExecHost execs, MeterRegistry metrics)
            throws IOException {
        Map<SandboxId, RetainedRecord.Kept> kept = RetainedLog.read(file);
        // A death between the removal of the files and the record of it.
        kept.keySet().removeIf(sandbox -> !Files.isDirectory(sandboxes.resolve(sandbox.value())));
        RetainedLog log = RetainedLog.open(file);
        log.rewrite(kept.values());
        return new RetainedSandboxes(settings, sandboxes, execs, log, kept, new RetainedMetrics(metrics));
    }

    /** The names of the sandboxes of which a file says that they are kept, for a time at which no agent runs. */
    public static Set<String> names(Path file) throws IOException {
        return RetainedLog.read(file).keySet().stream().map(SandboxId::value).collect(Collectors.toUnmodifiableSet());
    }

    /** Keeps what a sandbox said that ran until {@code endedAt}, and of which nothing else is left. Twice is harmless. */
    public void keep(SandboxId sandbox, ExecTable table, Instant endedAt) throws IOException {
        table.endAll(ExecEndReason.SANDBOX_STOPPED);
        table.seal();
        removeOthers(sandbox);
        List<Exec> said = table.list();
        long size = said.stream()
                .mapToLong(exec -> exec.output().totalBytes() - exec.output().firstOffset())
                .sum();
        synchronized (this) {
            forget(sandbox);
            RetainedRecord.Kept record = new RetainedRecord.Kept(sandbox, endedAt, size, said.size());
            kept.put(sandbox, record);
            bytes += size;
            remember(sandbox, table);
            log.append(record, kept.values());
        }
        tidy();
    }

    /** The same for a sandbox that an earlier life had, by its files; nothing when there are none. */
    public void keepFound(SandboxId sandbox, Instant endedAt) throws IOException {
        if (Files.isDirectory(execsOf(sandbox))) {
            try {
                keep(sandbox, read(sandbox), endedAt);
                return;
            } catch (IOException | RuntimeException e) {
                LOG.error("sandbox={} what it said cannot be read and is removed", sandbox, e);
            }
        }
        PrivateDirectory.remove(sandboxes.resolve(sandbox.value()));
    }

    /** The execs of an ended sandbox, to be read; empty when they are not, or not any longer, kept. */
    public synchronized Optional<ExecTable> execs(SandboxId sandbox) {
        if (!kept.containsKey(sandbox)) {
            return Optional.empty();
        }
        ExecTable known = tables.get(sandbox);
        if (known != null) {
            return Optional.of(known);
        }
        try {
            ExecTable table = read(sandbox);
            table.endAll(ExecEndReason.SANDBOX_STOPPED);
            table.seal();
            remember(sandbox, table);
            return Optional.of(table);
        } catch (IOException | RuntimeException e) {
            LOG.error("sandbox={} what it said cannot be read", sandbox, e);
            return Optional.empty();
        }
    }

    /** Whether the files of this name are kept. */
    public synchronized boolean has(SandboxId sandbox) {
        return kept.containsKey(sandbox);
    }

    /** Lets go of what is past its time or beyond the bounds. To be called once in a while. */
    public void tidy() {
        Instant oldest = execs.clock().instant().minus(settings.keepFor());
        synchronized (this) {
            List<SandboxId> expired = kept.values().stream()
                    .filter(one -> one.endedAt().isBefore(oldest))
                    .map(RetainedRecord.Kept::sandbox)
                    .toList();
            expired.forEach(sandbox -> letGo(sandbox, Why.EXPIRED));
            boolean more = true;
            while (more && (kept.size() > settings.sandboxes() || bytes > settings.bytes())) {
                more = letGoOfFirst(Why.BOUNDS);
            }
        }
    }

    /** Lets go of output until so many bytes of the disk are free that were not, the oldest first. False when there was none. */
    public synchronized boolean relieve(long wanted) {
        long goal = Math.max(0, bytes - wanted);
        boolean any = bytes > 0;
        boolean more = true;
        while (more && bytes > goal) {
            more = letGoOfFirst(Why.DISK);
        }
        return any;
    }

    synchronized int count() {
        return kept.size();
    }

    synchronized long bytes() {
        return bytes;
    }

    @Override
    public synchronized void close() {
        log.close();
    }

    /** Too many: who ran nothing has nothing to lose. Too much: then only those with output count. */
    private boolean letGoOfFirst(Why why) {
        boolean tooMany = bytes <= settings.bytes() && why == Why.BOUNDS;
        Optional<RetainedRecord.Kept> first = kept.values().stream()
                .filter(one -> tooMany || one.bytes() > 0)
                .min(Comparator.<RetainedRecord.Kept>comparingInt(one -> tooMany ? Math.min(1, one.execs()) : 0)
                        .thenComparing(RetainedRecord.Kept::endedAt));
        return first.isPresent() && letGo(first.get().sandbox(), why);
    }

    private boolean letGo(SandboxId sandbox, Why why) {
        try {
            ExecTable table = tables.remove(sandbox);
            if (table != null) {
                // Whoever still reads it is told.
                table.remove();
            }
            PrivateDirectory.remove(sandboxes.resolve(sandbox.value()));
            forget(sandbox);
            log.append(new RetainedRecord.LetGo(sandbox), kept.values());
            metrics.letGo(why);
            return true;
        } catch (IOException e) {
            LOG.error("sandbox={} what it said cannot be removed", sandbox, e);
            return false;
        }
    }

    private void forget(SandboxId sandbox) {
        RetainedRecord.Kept before = kept.remove(sandbox);
        if (before != null) {
            bytes -= before.bytes();
        }
    }

    private void remember(SandboxId sandbox, ExecTable table) {
        tables.put(sandbox, table);
        if (tables.size() > TABLES) {
            tables.remove(tables.keySet().iterator().next());
        }
    }

    private ExecTable read(SandboxId sandbox) throws IOException {
        ExecEnvironment unused = new ExecEnvironment(ImageConfig.NONE, Map.of());
        return ExecTable.recover(sandbox, execs, unused, execsOf(sandbox), new GuestHold());
    }

    private Path execsOf(SandboxId sandbox) {
        return sandboxes.resolve(sandbox.value()).resolve("execs");
    }

    /** What else lies there was of use only while it ran. */
    private void removeOthers(SandboxId sandbox) throws IOException {
        Path directory = sandboxes.resolve(sandbox.value());
        for (String name : PrivateDirectory.names(directory)) {
            if (!name.equals("execs")) {
                PrivateDirectory.remove(directory.resolve(name));
            }
        }
    }
}
