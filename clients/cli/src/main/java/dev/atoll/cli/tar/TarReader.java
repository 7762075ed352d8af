package dev.atoll.cli.tar;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar stream that may be hostile: lengths are bounded before anything is kept, sums are checked, and nothing is done by names.
 * ustar, pax, and GNU's long names are read; sparse entries, which the platform does not send, are refused. Used by one thread.
 */
public final class TarReader {
    /** Bytes of the records before one entry. */
    private static final int MAX_RECORDS = 1 << 20;

    private static final byte[] MAGIC = "ustar\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONE = {};
    private static final int BUFFER_BYTES = 256 * 1_024;

    private final InputStream in;
    private final byte[] block = new byte[TarWriter.BLOCK];
    private long left;
    private long padding;

    public TarReader(InputStream in) {
        this.in = new BufferedInputStream(in, BUFFER_BYTES);
    }

    /** The stream is not tar, or ends within. */
    public static final class MalformedTarException extends IOException {
        MalformedTarException(String message) {
            super(message);
        }
    }

    /** The next entry, or null at the end. What is left of the one before is skipped. */
    public @Nullable TarEntry next() throws IOException {
        skip(left + padding);
        Map<String, byte[]> records = new HashMap<>();
        while (true) {
            if (in.readNBytes(block, 0, block.length) < block.length) {
                throw new EOFException("the archive ends in the midst");
            }
            if (isEmpty()) {
                in.transferTo(OutputStream.nullOutputStream());
                return null;
            }
            checkSum();
            long size = number(124, 12);
            switch (block[156]) {
                case 'x' -> addRecords(records, content(size));
                case 'g' -> skip(size + pad(size));
                case 'L' -> records.put("path", withoutEnd(content(size)));
                case 'K' -> records.put("linkpath", withoutEnd(content(size)));
                default -> {
                    return entry(records, size);
                }
            }
        }
    }

    /** Reads content of the present entry; -1 at its end. */
    public int read(byte[] into) throws IOException {
        if (left == 0) {
            return -1;
        }
        int n = in.read(into, 0, (int) Math.min(left, into.length));
        if (n < 0) {
            throw new EOFException("the archive ends in the midst");
        }
        left -= n;
        return n;
    }

    /** The whole content of the present entry, whose size the caller has looked at. */
    public byte[] readAll() throws IOException {
        byte[] content = in.readNBytes((int) left);
        if (content.length < left) {
            throw new EOFException("the archive ends in the midst");
        }
        left = 0;
        return content;
    }

    private TarEntry entry(Map<String, byte[]> records, long headerSize) throws MalformedTarException {
        if (block[156] == 'S' || hasSparse(records)) {
            throw new MalformedTarException("an entry is sparse in a way that is not read here");
        }
        TarEntry.Type type = type(block[156]);
        byte[] said = records.get("path");
        byte[] name = said != null ? said : block[345] == 0 || !isUstar() ? field(0, 100) : prefixed();
        boolean slash = name.length > 1 && name[name.length - 1] == '/';
        if (slash && type == TarEntry.Type.FILE) {
            type = TarEntry.Type.DIRECTORY;
        }
        long size = records.containsKey("size") ? decimal(text(records, "size")) : headerSize;
        left = type == TarEntry.Type.FILE || type == TarEntry.Type.OTHER ? size : 0;
        padding = pad(left);
        long seconds = number(136, 12);
        int nanos = 0;
        if (records.containsKey("mtime")) {
            String[] parts = text(records, "mtime").split("\\.", 2);
            seconds = decimal(parts[0]);
            nanos = parts.length > 1 ? (int) decimal((parts[1] + "000000000").substring(0, 9)) : 0;
        }
        byte[] toldLink = records.get("linkpath");
        byte[] link = toldLink != null ? toldLink : block[157] == 0 ? NONE : field(157, 100);
        byte[] bare = slash ? Arrays.copyOf(name, name.length - 1) : name;
        return new TarEntry(bare, type, (int) number(100, 8) & 07777, left, seconds, nanos, link);
    }

    private static boolean hasSparse(Map<String, byte[]> records) {
        return !records.isEmpty() && records.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse"));
    }

    private static TarEntry.Type type(byte flag) {
        return switch (flag) {
            case 0, '0', '7' -> TarEntry.Type.FILE;
            case '1' -> TarEntry.Type.HARD_LINK;
            case '2' -> TarEntry.Type.SYMBOLIC_LINK;
            case '5' -> TarEntry.Type.DIRECTORY;
            case '6' -> TarEntry.Type.FIFO;
            default -> TarEntry.Type.OTHER;
        };
    }

    private boolean isUstar() {
        return Arrays.equals(block, 257, 257 + MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    private byte[] prefixed() {
        byte[] prefix = field(345, 155);
        byte[] name = field(0, 100);
        byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
        whole[prefix.length] = '/';
        System.arraycopy(name, 0, whole, prefix.length + 1, name.length);
        return whole;
    }

    private boolean isEmpty() {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private void checkSum() throws MalformedTarException {
        long sum = 0;
        for (int i = 0; i < block.length; i++) {
            sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
        }
        if (sum != number(148, 8)) {
            throw new MalformedTarException("it is not a tar stream");
        }
    }

    /** Octal digits, or, with the highest bit set, a large number as such. */
    private long number(int at, int length) throws MalformedTarException {
        if ((block[at] & 0x80) != 0) {
            long value = block[at] & 0x3f;
            for (int i = 1; i < length; i++) {
                if (value > Long.MAX_VALUE >> 9) {
                    throw new MalformedTarException("a number is too large");
                }
                value = (value << 8) | (block[at + i] & 0xff);
            }
            return value;
        }
        int from = at;
        int end = at + length;
        while (from < end && block[from] == ' ') {
            from++;
        }
        long value = 0;
        while (from < end && block[from] >= '0' && block[from] <= '7') {
            value = (value << 3) | (block[from++] - '0');
        }
        while (from < end && block[from] == ' ') {
            from++;
        }
        if (from < end && block[from] != 0) {
            throw new MalformedTarException("a number is none");
        }
        return value;
    }

    private static long decimal(String digits) throws MalformedTarException {
        if (!digits.matches("-?[0-9]{1,18}")) {
            throw new MalformedTarException("a number is none");
        }
        return Long.parseLong(digits);
    }

    private byte[] field(int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(block, at, end);
    }

    private byte[] content(long size) throws IOException {
        if (size > MAX_RECORDS) {
            throw new MalformedTarException("the records of an entry are too long");
        }
        byte[] content = in.readNBytes((int) size);
        if (content.length < size) {
            throw new EOFException("the archive ends in the midst");
        }
        skip(pad(size));
        return content;
    }

    private static void addRecords(Map<String, byte[]> records, byte[] bytes) throws MalformedTarException {
        int at = 0;
        while (at < bytes.length) {
            int space = at;
            while (space < bytes.length && bytes[space] != ' ') {
                space++;
            }
            long length = decimal(new String(bytes, at, space - at, StandardCharsets.ISO_8859_1));
            int equals = space + 1;
            while (equals < bytes.length && bytes[equals] != '=') {
                equals++;
            }
            long end = at + length;
            if (length <= 0 || end > bytes.length || equals >= end || bytes[(int) end - 1] != '\n') {
                throw new MalformedTarException("a pax record is broken");
            }
            String key = new String(bytes, space + 1, equals - space - 1, StandardCharsets.UTF_8);
            records.put(key, Arrays.copyOfRange(bytes, equals + 1, (int) end - 1));
            at = (int) end;
        }
    }

    private static String text(Map<String, byte[]> records, String key) {
        return new String(records.getOrDefault(key, new byte[0]), StandardCharsets.ISO_8859_1);
    }

    private static byte[] withoutEnd(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    private static long pad(long size) {
        return (TarWriter.BLOCK - size % TarWriter.BLOCK) % TarWriter.BLOCK;
    }

    private void skip(long count) throws IOException {
        in.skipNBytes(count);
    }
}
