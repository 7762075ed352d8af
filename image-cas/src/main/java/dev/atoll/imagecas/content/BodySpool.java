package dev.atoll.imagecas.content;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * One file on disk that takes in the contents of an archive's files as they arrive, each distinct content once, blocks of zeros as holes.
 * Memory is bounded by the number of distinct contents. Not thread-safe.
 */
public final class BodySpool implements AutoCloseable {
    /** Every content begins at a multiple of this, in bytes. */
    public static final int ALIGNMENT = 4096;

    private static final int BUFFER = 1 << 20;
    private static final int CHUNK_BITS = 20;
    private static final byte[] ZEROS = new byte[1 << 16];
    private static final long ROOM_CHECK_INTERVAL = 64L << 20;

    private final Path file;
    private final FileChannel channel;
    private final long reserve;
    private final Map<Content, Content> known = new HashMap<>();
    private final byte[] array = new byte[BUFFER];
    private final ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER);
    private final MessageDigest digest = Digests.sha256();

    /** Where the next content goes. */
    private long end;

    /** Nothing was ever written at or after this offset: there, zeros need not be written. */
    private long touched;

    /** The chunks of the file that something was ever written to; the others need not be read, they are zeros. */
    private final BitSet written = new BitSet();

    private long sinceRoomCheck = ROOM_CHECK_INTERVAL;

    /** Makes the file; it must not exist. {@code reserve} is the room in bytes that stays free on the disk. */
    public BodySpool(Path file, long reserve) {
        this.file = file;
        this.reserve = reserve;
        try {
            this.channel = FileChannel.open(
                    file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw DiskProblems.writing(file, e);
        }
    }

    /**
     * Takes in exactly {@code size} bytes.
     *
     * @throws EOFException when the stream ends before
     * @throws IOException what the stream throws; failures of the disk are problems
     */
    public Content add(InputStream body, long size) throws IOException {
        if (size == 0) {
            return Content.EMPTY;
        }
        digest.reset();
        long written = 0;
        while (written < size) {
            int wanted = (int) Math.min(BUFFER, size - written);
            int got = body.readNBytes(array, 0, wanted);
            if (got < wanted) {
                throw new EOFException();
            }
            digest.update(array, 0, got);
            write(end + written, got);
            written += got;
        }
        Content content = new Content(digest.digest(), size, end);
        Content before = known.putIfAbsent(content, content);
        if (before != null) {
            return before;
        }
        end = aligned(end + size);
        return content;
    }

    /** Reads into {@code target} until it is full, from a content's offset plus {@code from}. */
    public void read(Content content, long from, ByteBuffer target) {
        long at = content.offset() + from;
        boolean hole = target.hasRemaining() && isHole(at, target.remaining());
        try {
            while (target.hasRemaining()) {
                int got = hole ? -1 : channel.read(target, at);
                if (got < 0) {
                    // Never written, or beyond the last byte that was.
                    got = Math.min(target.remaining(), ZEROS.length);
                    target.put(ZEROS, 0, got);
                }
                at += got;
            }
        } catch (IOException e) {
            throw DiskProblems.writing(file, e);
        }
    }

    /** Bytes of the distinct contents, each rounded up to {@link #ALIGNMENT}. */
    public long size() {
        return end;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw DiskProblems.writing(file, e);
        }
    }

    private void write(long at, int length) {
        sinceRoomCheck += length;
        if (sinceRoomCheck >= ROOM_CHECK_INTERVAL) {
            DiskProblems.requireRoom(file, 0, reserve);
            sinceRoomCheck = 0;
        }
        int from = 0;
        while (from < length) {
            boolean hole = at + from >= touched && Zeros.at(array, from, Math.min(ALIGNMENT, length - from));
            int to = from;
            while (to < length
                    && hole == (at + to >= touched && Zeros.at(array, to, Math.min(ALIGNMENT, length - to)))) {
                to = Math.min(to + ALIGNMENT, length);
            }
            if (!hole) {
                put(at + from, from, to - from);
            }
            from = to;
        }
    }

    private boolean isHole(long at, int length) {
        int first = (int) (at >>> CHUNK_BITS);
        int next = written.nextSetBit(first);
        return next < 0 || (long) next << CHUNK_BITS >= at + length;
    }

    private void put(long at, int from, int length) {
        written.set((int) (at >>> CHUNK_BITS), (int) (at + length - 1 >>> CHUNK_BITS) + 1);
        direct.clear().put(array, from, length).flip();
        long position = at;
        try {
            while (direct.hasRemaining()) {
                position += channel.write(direct, position);
            }
        } catch (IOException e) {
            throw DiskProblems.writing(file, e);
        }
        touched = Math.max(touched, aligned(position));
    }

    private static long aligned(long offset) {
        return (offset + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
