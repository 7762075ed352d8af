package dev.atoll.hostagent.retained;

import dev.atoll.hostagent.journal.Json;
import dev.atoll.hostagent.journal.RecordFile;
import dev.atoll.model.id.SandboxId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The record on disk of which ended sandboxes are kept. Written anew when most of it is about others. For one thread at a time. */
final class RetainedLog implements AutoCloseable {
    /** Fewer records than this are never too many. */
    private static final int FEW = 1_000;

    private final Path path;
    private RecordFile file;
    private int count;

    private RetainedLog(Path path, RecordFile file) {
        this.path = path;
        this.file = file;
    }

    static RetainedLog open(Path path) throws IOException {
        return new RetainedLog(path, RecordFile.open(path));
    }

    /** What is kept by a file, in the order in which it came; nothing when there is no file. */
    static Map<SandboxId, RetainedRecord.Kept> read(Path path) throws IOException {
        Map<SandboxId, RetainedRecord.Kept> kept = new LinkedHashMap<>();
        if (Files.exists(path)) {
            for (byte[] bytes : RecordFile.read(path)) {
                Json.read(bytes, RetainedRecord.class).ifPresent(record -> {
                    switch (record) {
                        case RetainedRecord.Kept one -> kept.put(one.sandbox(), one);
                        case RetainedRecord.LetGo(SandboxId gone) -> kept.remove(gone);
                    }
                });
            }
        }
        return kept;
    }

    void append(RetainedRecord record, Collection<RetainedRecord.Kept> all) {
        file.append(Json.write(record));
        count++;
        if (count > FEW && count > 4 * all.size()) {
            rewrite(all);
        }
    }

    void rewrite(Collection<RetainedRecord.Kept> all) {
        try {
            Path next = path.resolveSibling(path.getFileName() + ".next");
            Files.deleteIfExists(next);
            RecordFile fresh = RecordFile.open(next);
            all.forEach(kept -> fresh.append(Json.write(kept)));
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
            file.close();
            file = fresh;
            count = all.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
