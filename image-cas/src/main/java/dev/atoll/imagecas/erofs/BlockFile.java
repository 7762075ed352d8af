package dev.atoll.imagecas.erofs;

import dev.atoll.imagecas.content.DiskProblems;
import dev.atoll.imagecas.content.Zeros;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.zip.CRC32C;

/** A new file written from front to back in blocks; blocks of zeros become holes. Not thread-safe. */
final class BlockFile implements AutoCloseable {
    private static final int BUFFER = 1 << 20;

    private final Path path;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private final MessageDigest digest;
    private boolean digesting = true;
    private long flushed;

    BlockFile(Path path, MessageDigest digest) {
        this.path = path;
        this.digest = digest;
        try {
            channel = FileChannel.open(
                    path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw DiskProblems.writing(path, e);
        }
    }

    /** A buffer with room for {@code length} bytes at its position, to be filled by the caller; at most one block. */
    ByteBuffer room(int length) {
        if (buffer.remaining() < length) {
            flush();
        }
        return buffer;
    }

    /** The buffer with any room at all, at most until the end of what is left to write. */
    ByteBuffer some() {
        if (!buffer.hasRemaining()) {
            flush();
        }
        return buffer;
    }

    /** Zeros up to the next whole block. */
    void pad() {
        int rest = -buffer.position() & (ErofsFormat.BLOCK - 1);
        buffer.put(new byte[rest]);
    }

    /** What is written from here on does not go into the digest; must be at a whole block. */
    void endDigest() {
        flush();
        digesting = false;
    }

    private void flush() {
        byte[] bytes = buffer.array();
        int length = buffer.position();
        if (digesting) {
            digest.update(bytes, 0, length);
        }
        int from = 0;
        while (from < length) {
            boolean hole = zeros(bytes, from, length);
            int to = from;
            while (to < length && zeros(bytes, to, length) == hole) {
                to = Math.min(length, to + ErofsFormat.BLOCK);
            }
            if (!hole) {
                write(ByteBuffer.wrap(bytes, from, to - from), flushed + from);
            }
            from = to;
        }
        flushed += length;
        buffer.clear();
    }

    private static boolean zeros(byte[] bytes, int from, int end) {
        return Zeros.at(bytes, from, Math.min(ErofsFormat.BLOCK, end - from));
    }

    /** Writes what is buffered, gives the superblock its checksum and the file its length, and forces all to disk. */
    void finish() {
        flush();
        try {
            if (channel.size() < flushed) {
                write(ByteBuffer.allocate(1), flushed - 1);
            }
            ByteBuffer first = ByteBuffer.allocate(ErofsFormat.BLOCK).order(ByteOrder.LITTLE_ENDIAN);
            while (first.hasRemaining() && channel.read(first, first.position()) >= 0) {
                continue;
            }
            write(first.clear().putInt(0, checksum(first)).limit(Integer.BYTES), ErofsFormat.CHECKSUM_AT);
            channel.force(true);
        } catch (IOException e) {
            throw DiskProblems.writing(path, e);
        }
    }

    /** CRC-32C of the block from the superblock on, not inverted at the end. */
    private static int checksum(ByteBuffer block) {
        CRC32C crc = new CRC32C();
        crc.update(block.array(), ErofsFormat.SUPERBLOCK_AT, ErofsFormat.BLOCK - ErofsFormat.SUPERBLOCK_AT);
        return ~(int) crc.getValue();
    }

    private void write(ByteBuffer bytes, long at) {
        long position = at;
        try {
            while (bytes.hasRemaining()) {
                position += channel.write(bytes, position);
            }
        } catch (IOException e) {
            throw DiskProblems.writing(path, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw DiskProblems.writing(path, e);
        }
    }
}
