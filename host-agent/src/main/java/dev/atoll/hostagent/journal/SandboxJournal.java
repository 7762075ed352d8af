package dev.atoll.hostagent.journal;

import java.util.ArrayList;
import java.util.List;

/**
 * What one sandbox owns on this host, written down before it is made. The file is there exactly as long as something of the sandbox may
 * be: it is
 * the first thing made and the last removed. Bounded by its nature: a few entries per life. Thread-safe.
 */
public final class SandboxJournal implements AutoCloseable {
    private final RecordFile file;

    SandboxJournal(RecordFile file) {
        this.file = file;
    }

    public void append(JournalEntry entry) {
        file.append(Json.write(entry));
    }

    @Override
    public void close() {
        file.close();
    }

    static List<JournalEntry> entries(List<byte[]> records) {
        List<JournalEntry> entries = new ArrayList<>();
        for (byte[] record : records) {
            Json.read(record, JournalEntry.class).ifPresent(entries::add);
        }
        return entries;
    }
}
