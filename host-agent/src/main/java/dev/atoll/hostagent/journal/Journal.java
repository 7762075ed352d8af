package dev.atoll.hostagent.journal;

/**
 * What one thing of this host owns, written down before it is made. The file is there exactly as long as something of it may be: it is the
 * first thing made and the last removed. Bounded by its nature: a few entries per life. Thread-safe.
 *
 * @param <E> a sealed type of entries, which Jackson can tell apart
 */
public final class Journal<E> implements AutoCloseable {
    private final RecordFile file;

    Journal(RecordFile file) {
        this.file = file;
    }

    public void append(E entry) {
        file.append(Json.write(entry));
    }

    @Override
    public void close() {
        file.close();
    }
}
