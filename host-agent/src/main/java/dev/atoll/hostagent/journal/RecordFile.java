package dev.atoll.hostagent.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file to which whole records are appended: 4 bytes of length, 4 bytes of CRC-32C, the record. One write(2) each, so the death of this
 * process
 * leaves at most one torn record at the end, which the next opening cuts off.
 *
 * <p>Nothing is forced to the disk: what this file tells about lives no longer than the running kernel, and everything that survives a
 * loss of
 * power is found by looking at the directories themselves. Thread-safe; an interrupt of the thread that writes does it no harm, as it would
 * close a channel.
 */
public final class RecordFile implements AutoCloseable {
    /** Longest record: arguments and environment of the largest exec with every character escaped. */
    public static final int MAX_RECORD_BYTES = 4 << 20;

    private static final int HEADER_BYTES = 8;

    private final RandomAccessFile content;
    private long size;

    private RecordFile(RandomAccessFile content, long size) {
        this.content = content;
        this.size = size;
    }

    /** Opens a file, made when absent, to append to; a torn tail is cut off. */
    public static RecordFile open(Path file) throws IOException {
        long whole = Files.exists(file) ? wholeBytes(Files.readAllBytes(file), new ArrayList<>()) : 0;
        RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw");
        content.setLength(whole);
        content.seek(whole);
        return new RecordFile(content, whole);
    }

    /** The whole records of a file in order; what is torn at the end is left out. */
    public static List<byte[]> read(Path file) throws IOException {
        List<byte[]> records = new ArrayList<>();
        wholeBytes(Files.readAllBytes(file), records);
        return records;
    }

    /** Appends one record. When that fails, the file is as before. */
    public synchronized void append(byte[] record) {
        if (record.length > MAX_RECORD_BYTES) {
            throw new IllegalArgumentException("a record of " + record.length + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + record.length);
        bytes.putInt(record.length).putInt(crc(record)).put(record);
        try {
            try {
                content.write(bytes.array());
            } catch (IOException e) {
                content.setLength(size);
                content.seek(size);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        size += bytes.capacity();
    }

    /** Bytes in the file. */
    public synchronized long size() {
        return size;
    }

    @Override
    public synchronized void close() {
        try {
            content.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long wholeBytes(byte[] content, List<byte[]> records) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.remaining() >= HEADER_BYTES) {
            int start = bytes.position();
            int length = bytes.getInt();
            int crc = bytes.getInt();
            if (length < 0 || length > MAX_RECORD_BYTES || length > bytes.remaining()) {
                return start;
            }
            byte[] record = new byte[length];
            bytes.get(record);
            if (crc(record) != crc) {
                return start;
            }
            records.add(record);
        }
        return bytes.position();
    }

    private static int crc(byte[] record) {
        CRC32C crc = new CRC32C();
        crc.update(record);
        return (int) crc.getValue();
    }
}
