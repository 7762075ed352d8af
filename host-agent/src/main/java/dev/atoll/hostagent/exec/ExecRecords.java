package dev.atoll.hostagent.exec;

import dev.atoll.hostagent.journal.Json;
import dev.atoll.hostagent.journal.RecordFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The record of a sandbox's execs on disk. It grows with every exec and is written anew when most of it is about execs that are forgotten.
 * For one thread at a time.
 */
final class ExecRecords implements AutoCloseable {
    static final String FILE = "execs.log";

    /** Fewer records than this are never too many. */
    private static final int FEW = 1_000;

    private final Path path;
    private RecordFile file;
    private int count;

    private ExecRecords(Path path, RecordFile file, int count) {
        this.path = path;
        this.file = file;
        this.count = count;
    }

    /** Opens the record in a directory, made when absent. */
    static ExecRecords open(Path directory) throws IOException {
        Path path = directory.resolve(FILE);
        return new ExecRecords(path, RecordFile.open(path), 0);
    }

    /** What an earlier life wrote, in order; what a newer version of this program wrote and this one does not know is left out. */
    static List<ExecRecord> read(Path directory) throws IOException {
        List<ExecRecord> records = new ArrayList<>();
        Path path = directory.resolve(FILE);
        if (Files.exists(path)) {
            for (byte[] record : RecordFile.read(path)) {
                Json.read(record, ExecRecord.class).ifPresent(records::add);
            }
        }
        return records;
    }

    void append(ExecRecord record) {
        file.append(ExecRecordJson.of(record));
        count++;
    }

    /** Whether so few execs need much less than what there is. */
    boolean isLongFor(int execs) {
        return count > FEW && count > 4 * execs;
    }

    /** Only these from now on. */
    void rewrite(List<ExecRecord> records) {
        try {
            Path next = path.resolveSibling(FILE + ".next");
            Files.deleteIfExists(next);
            RecordFile fresh = RecordFile.open(next);
            records.forEach(record -> fresh.append(ExecRecordJson.of(record)));
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
            file.close();
            file = fresh;
            count = records.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
