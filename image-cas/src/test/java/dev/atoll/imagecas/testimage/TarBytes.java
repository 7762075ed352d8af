package dev.atoll.imagecas.testimage;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds tar archives byte by byte, valid ones and ones that no tool would write. */
public final class TarBytes {
    private static final int BLOCK = 512;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int mode = 0644;
    private int owner;
    private long mtime = 1_700_000_000;

    /** Permissions and owner of what follows. */
    public TarBytes as(int mode, int owner) {
        this.mode = mode;
        this.owner = owner;
        return this;
    }

    /** Time of change of what follows, in seconds since 1970. */
    public TarBytes at(long seconds) {
        this.mtime = seconds;
        return this;
    }

    public TarBytes directory(String path) {
        return entry('5', path, "", new byte[0]);
    }

    public TarBytes file(String path, String content) {
        return file(path, content.getBytes(StandardCharsets.UTF_8));
    }

    public TarBytes file(String path, byte[] content) {
        return entry('0', path, "", content);
    }

    public TarBytes symbolicLink(String path, String target) {
        return entry('2', path, target, new byte[0]);
    }

    public TarBytes hardLink(String path, String target) {
        return entry('1', path, target, new byte[0]);
    }

    /** PAX records for the member that follows: keys and values in turn. */
    public TarBytes pax(String... keysAndValues) {
        return extension('x', keysAndValues);
    }

    /** A header of any type with any PAX records as content. */
    public TarBytes extension(char type, String... keysAndValues) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            byte[] record =
                    (" " + keysAndValues[i] + "=" + keysAndValues[i + 1] + "\n").getBytes(StandardCharsets.UTF_8);
            int length = record.length + 1;
            while (record.length + Integer.toString(length).length() != length) {
                length++;
            }
            records.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
            records.writeBytes(record);
        }
        return entry(type, "extension", "", records.toByteArray());
    }

    /** One member of any type; names over 100 bytes get a PAX header before it. */
    public TarBytes entry(char type, String path, String link, byte[] content) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        byte[] target = link.getBytes(StandardCharsets.UTF_8);
        if (name.length > 100 && target.length > 100) {
            pax("path", path, "linkpath", link);
        } else if (name.length > 100) {
            pax("path", path);
        } else if (target.length > 100) {
            pax("linkpath", link);
        }
        out.writeBytes(header(type, name, target, content.length));
        out.writeBytes(content);
        out.writeBytes(new byte[-content.length & (BLOCK - 1)]);
        return this;
    }

    /** A header alone, with a size of any kind. */
    public byte[] header(char type, byte[] name, byte[] target, long size) {
        byte[] block = new byte[BLOCK];
        System.arraycopy(name, 0, block, 0, Math.min(100, name.length));
        octal(block, 100, 8, mode);
        octal(block, 108, 8, owner);
        octal(block, 116, 8, owner);
        octal(block, 124, 12, size);
        octal(block, 136, 12, mtime);
        block[156] = (byte) type;
        System.arraycopy(target, 0, block, 157, Math.min(100, target.length));
        System.arraycopy("ustar\0".getBytes(StandardCharsets.US_ASCII), 0, block, 257, 6);
        block[263] = '0';
        block[264] = '0';
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 255;
        }
        octal(block, 148, 8, sum);
        return block;
    }

    /** Any bytes at all. */
    public TarBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** The archive so far, with the two blocks of zeros that end it. */
    public byte[] bytes() {
        byte[] bytes = out.toByteArray();
        return Arrays.copyOf(bytes, bytes.length + 2 * BLOCK);
    }

    /** The archive so far, without an end. */
    public byte[] unended() {
        return out.toByteArray();
    }

    private static void octal(byte[] block, int at, int length, long value) {
        byte[] digits = Long.toOctalString(value).getBytes(StandardCharsets.US_ASCII);
        Arrays.fill(block, at, at + length - 1, (byte) '0');
        System.arraycopy(digits, 0, block, at + length - 1 - digits.length, digits.length);
        block[at + length - 1] = 0;
    }
}
