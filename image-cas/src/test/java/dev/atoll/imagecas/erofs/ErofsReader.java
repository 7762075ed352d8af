package dev.atoll.imagecas.erofs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Reads what {@link ErofsWriter} writes, straight from the format's description and with none of the writer's code; refuses all else. */
public final class ErofsReader implements AutoCloseable {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment file;

    /** One inode as it is on disk. */
    public record Inode(
            long number, int mode, long size, long block, int uid, int gid, long mtime, int mtimeNanos, int links) {
        public int type() {
            return mode & 0170000;
        }
    }

    /** A name in a directory. */
    public record Dirent(byte[] name, long number, int type) {
        public String text() {
            return new String(name, StandardCharsets.UTF_8);
        }
    }

    public ErofsReader(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
        require(file.get(INT, 1024) == 0xe0f5e1e2, "magic");
        require(file.get(ValueLayout.JAVA_BYTE, 1024 + 12) == 12, "block size");
        require(file.get(INT, 1024 + 80) == 0, "incompatible features");
        require((file.get(INT, 1024 + 36) & 0xffffffffL) * 4096 == file.byteSize(), "size");
        byte[] block = file.asSlice(1024, 4096 - 1024).toArray(ValueLayout.JAVA_BYTE);
        int stored = file.get(INT, 1024 + 4);
        java.util.Arrays.fill(block, 4, 8, (byte) 0);
        CRC32C crc = new CRC32C();
        crc.update(block);
        require(stored == ~(int) crc.getValue(), "checksum");
    }

    public long inodes() {
        return file.get(LONG, 1024 + 16);
    }

    public Inode root() {
        return inode(file.get(SHORT, 1024 + 14) & 0xffff);
    }

    public Inode inode(long number) {
        long at = number * 32;
        require(file.get(SHORT, at) == 1, "extended inode with plain data");
        require(file.get(SHORT, at + 2) == 0, "no extended attributes");
        return new Inode(
                number,
                file.get(SHORT, at + 4) & 0xffff,
                file.get(LONG, at + 8),
                file.get(INT, at + 16) & 0xffffffffL,
                file.get(INT, at + 24),
                file.get(INT, at + 28),
                file.get(LONG, at + 32),
                file.get(INT, at + 40),
                file.get(INT, at + 44));
    }

    /** The bytes of a file, link or directory. */
    public MemorySegment data(Inode inode) {
        return file.asSlice(inode.block() * 4096, inode.size());
    }

    public byte[] bytes(Inode inode) {
        return data(inode).toArray(ValueLayout.JAVA_BYTE);
    }

    /** The entries of a directory with {@code .} and {@code ..}, checked to be in order. */
    public List<Dirent> list(Inode directory) {
        require(directory.type() == 0040000, "a directory");
        List<Dirent> entries = new ArrayList<>();
        for (long at = 0; at < directory.size(); at += 4096) {
            MemorySegment block = data(directory).asSlice(at, Math.min(4096, directory.size() - at));
            int count = (block.get(SHORT, 8) & 0xffff) / 12;
            for (int i = 0; i < count; i++) {
                int from = block.get(SHORT, i * 12L + 8) & 0xffff;
                long to = i + 1 < count ? block.get(SHORT, i * 12L + 20) & 0xffff : block.byteSize();
                while (i + 1 == count && block.get(ValueLayout.JAVA_BYTE, to - 1) == 0) {
                    to--;
                }
                byte[] name = block.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
                entries.add(new Dirent(name, block.get(LONG, i * 12L), block.get(ValueLayout.JAVA_BYTE, i * 12L + 10)));
            }
        }
        for (int i = 1; i < entries.size(); i++) {
            require(
                    java.util.Arrays.compareUnsigned(
                                    entries.get(i - 1).name(), entries.get(i).name())
                            < 0,
                    "order");
        }
        return entries;
    }

    /** The inode at a path with slashes, no link followed. */
    public Inode find(String path) {
        Inode at = root();
        for (String name : path.split("/")) {
            if (!name.isEmpty()) {
                at = inode(list(at).stream()
                        .filter(entry -> entry.text().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new java.util.NoSuchElementException(path))
                        .number());
            }
        }
        return at;
    }

    public boolean has(String path) {
        try {
            find(path);
            return true;
        } catch (java.util.NoSuchElementException | AssertionError e) {
            return false;
        }
    }

    public String text(String path) {
        return new String(bytes(find(path)), StandardCharsets.UTF_8);
    }

    /** Names in a directory without {@code .} and {@code ..}. */
    public List<String> names(String path) {
        return list(find(path)).stream()
                .map(Dirent::text)
                .filter(name -> !name.equals(".") && !name.equals(".."))
                .toList();
    }

    @Override
    public void close() {
        arena.close();
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not as it should be: " + what);
        }
    }
}
