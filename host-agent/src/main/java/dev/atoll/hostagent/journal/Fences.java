package dev.atoll.hostagent.journal;

import dev.atoll.model.id.SandboxId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest generation seen of sandboxes that are gone, so that a command which was overtaken by a stop makes nothing anew, also not
 * after a
 * restart. Bounded: the oldest are forgotten. Thread-safe.
 */
public final class Fences implements AutoCloseable {
    /** Most sandboxes remembered. */
    public static final int MAX_FENCES = 10_000;

    private record Fence(String sandbox, long generation) {}

    private final Path path;
    private final Map<String, Long> generations = new LinkedHashMap<>();
    private RecordFile file;
    private int records;

    private Fences(Path path, RecordFile file) {
        this.path = path;
        this.file = file;
    }

    public static Fences open(Path path) throws IOException {
        Fences fences = new Fences(path, RecordFile.open(path));
        for (byte[] record : RecordFile.read(path)) {
            Json.read(record, Fence.class).ifPresent(fence -> fences.remember(fence.sandbox(), fence.generation()));
        }
        fences.rewrite();
        return fences;
    }

    /** Commands older than {@code generation} are stale from now on. */
    public synchronized void raise(SandboxId sandbox, long generation) {
        if (generation(sandbox) >= generation) {
            return;
        }
        file.append(Json.write(new Fence(sandbox.value(), generation)));
        records++;
        remember(sandbox.value(), generation);
        if (records > 2 * MAX_FENCES) {
            rewrite();
        }
    }

    /** The newest generation seen of a sandbox that is gone; -1 when it is not known. */
    public synchronized long generation(SandboxId sandbox) {
        return generations.getOrDefault(sandbox.value(), -1L);
    }

    @Override
    public synchronized void close() {
        file.close();
    }

    private void remember(String sandbox, long generation) {
        long before = generations.getOrDefault(sandbox, -1L);
        generations.remove(sandbox);
        generations.put(sandbox, Math.max(before, generation));
        if (generations.size() > MAX_FENCES) {
            generations.remove(generations.keySet().iterator().next());
        }
    }

    private synchronized void rewrite() {
        try {
            Path next = path.resolveSibling(path.getFileName() + ".next");
            Files.deleteIfExists(next);
            RecordFile fresh = RecordFile.open(next);
            generations.forEach((sandbox, generation) -> fresh.append(Json.write(new Fence(sandbox, generation))));
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
            file.close();
            file = fresh;
            records = generations.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
