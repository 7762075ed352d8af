package dev.atoll.cli.tar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes a tar stream. What does not fit a ustar header goes into a pax record before it. Used by one thread. */
public final class TarWriter {
    static final int BLOCK = 512;
    static final int NAME_BYTES = 100;

    private static final long OCTAL_SIZE_MOST = 077777777777L;
    private static final byte[] NO_BYTES = {};
    private static final byte[] ZEROS = new byte[2 * BLOCK];
    private static final byte[] MAGIC = "ustar\00000".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final byte[] block = new byte[BLOCK];
    private long padding;

    public TarWriter(OutputStream out) {
        this.out = out;
    }

    /** Begins an entry; exactly {@code size} bytes are written with {@link #content} then. */
    public void begin(TarEntry entry) throws IOException {
        pad();
        if (needsRecords(entry)) {
            records(entry);
        }
        header(
                entry.name(),
                entry.type().flag,
                entry.mode(),
                entry.size(),
                Math.max(0, entry.mtimeSeconds()),
                entry.link());
        padding = padding(entry.size());
    }

    private static boolean needsRecords(TarEntry entry) {
        return entry.name().length > NAME_BYTES
                || entry.link().length > NAME_BYTES
                || entry.size() > OCTAL_SIZE_MOST
                || entry.mtimeSeconds() < 0;
    }

    private void records(TarEntry entry) throws IOException {
        ByteArrayOutputStream pax = new ByteArrayOutputStream();
        if (entry.name().length > NAME_BYTES) {
            record(pax, "path", entry.name());
        }
        if (entry.link().length > NAME_BYTES) {
            record(pax, "linkpath", entry.link());
        }
        if (entry.size() > OCTAL_SIZE_MOST) {
            record(pax, "size", Long.toString(entry.size()).getBytes(StandardCharsets.US_ASCII));
        }
        if (entry.mtimeSeconds() < 0) {
            record(pax, "mtime", Long.toString(entry.mtimeSeconds()).getBytes(StandardCharsets.US_ASCII));
        }
        header("pax".getBytes(StandardCharsets.US_ASCII), 'x', 0644, pax.size(), 0, NO_BYTES);
        out.write(pax.toByteArray());
        padding = padding(pax.size());
        pad();
    }

    public void content(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
    }

    /** Ends the stream, which stays its owner's to close. */
    public void end() throws IOException {
        pad();
        out.write(ZEROS);
        out.flush();
    }

    private void pad() throws IOException {
        out.write(ZEROS, 0, (int) padding);
        padding = 0;
    }

    private static long padding(long size) {
        return (BLOCK - size % BLOCK) % BLOCK;
    }

    /** A record begins with its own length, which counts its own digits. */
    private static void record(ByteArrayOutputStream pax, String key, byte[] value) {
        int bare = key.length() + value.length + 3;
        int length = bare + Integer.toString(bare).length();
        length = bare + Integer.toString(length).length();
        pax.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.US_ASCII));
        pax.writeBytes(value);
        pax.write('\n');
    }

    private void header(byte[] name, char flag, int mode, long size, long mtime, byte[] link) throws IOException {
        Arrays.fill(block, (byte) 0);
        System.arraycopy(name, 0, block, 0, Math.min(name.length, NAME_BYTES));
        octal(block, 100, 8, mode);
        octal(block, 108, 8, 0);
        octal(block, 116, 8, 0);
        octal(block, 124, 12, size > OCTAL_SIZE_MOST ? 0 : size);
        octal(block, 136, 12, mtime);
        Arrays.fill(block, 148, 156, (byte) ' ');
        block[156] = (byte) flag;
        System.arraycopy(link, 0, block, 157, Math.min(link.length, NAME_BYTES));
        System.arraycopy(MAGIC, 0, block, 257, MAGIC.length);
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        octal(block, 148, 7, sum);
        out.write(block);
    }

    private static void octal(byte[] block, int at, int length, long value) {
        long left = value;
        for (int i = length - 2; i >= 0; i--) {
            block[at + i] = (byte) ('0' + (left & 7));
            left >>= 3;
        }
        block[at + length - 1] = 0;
    }
}
