package dev.atoll.imagecas.erofs;

import dev.atoll.imagecas.tree.Directory;
import dev.atoll.imagecas.tree.Node;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * The entries of one directory in blocks: in each block first the fixed parts, then the names. Entries are in the order of their names'
 * bytes over all blocks, {@code .} and {@code ..} among them, as readers search by halving.
 */
final class DirectoryBlocks {
    private static final byte[] SELF = {'.'};
    private static final byte[] PARENT = {'.', '.'};

    private final List<Entry> entries;

    private record Entry(byte[] name, int inode, ErofsFormat.Kind kind) {
        int size() {
            return ErofsFormat.DIRENT + name.length;
        }
    }

    /** {@code index} tells the place of a node in the inode table; {@code self} and {@code parent} are such places. */
    DirectoryBlocks(Directory directory, int self, int parent, ToIntFunction<Node> index) {
        List<Entry> all = new ArrayList<>(directory.size() + 2);
        all.add(new Entry(SELF, self, ErofsFormat.Kind.DIRECTORY));
        all.add(new Entry(PARENT, parent, ErofsFormat.Kind.DIRECTORY));
        directory.forEach((name, node) -> all.add(new Entry(name, index.applyAsInt(node), ErofsFormat.kind(node))));
        all.sort((a, b) -> Arrays.compareUnsigned(a.name(), b.name()));
        this.entries = all;
    }

    /** Bytes of the directory: whole blocks, and of the last one what it uses. */
    long size() {
        long whole = 0;
        int used = 0;
        for (Entry entry : entries) {
            if (used + entry.size() > ErofsFormat.BLOCK) {
                whole += ErofsFormat.BLOCK;
                used = 0;
            }
            used += entry.size();
        }
        return whole + used;
    }

    /** Hands out the blocks one after the other, each padded with zeros; the buffer is used again. */
    void write(Consumer<ByteBuffer> out) {
        ByteBuffer block = ByteBuffer.allocate(ErofsFormat.BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        int from = 0;
        while (from < entries.size()) {
            int to = from;
            int used = 0;
            while (to < entries.size() && used + entries.get(to).size() <= ErofsFormat.BLOCK) {
                used += entries.get(to++).size();
            }
            fill(block, entries.subList(from, to));
            out.accept(block);
            from = to;
        }
    }

    private static void fill(ByteBuffer block, List<Entry> entries) {
        Arrays.fill(block.array(), (byte) 0);
        block.clear();
        int nameAt = entries.size() * ErofsFormat.DIRENT;
        for (Entry entry : entries) {
            block.putLong(ErofsFormat.number(entry.inode()));
            block.putShort((short) nameAt).put(entry.kind().entry).put((byte) 0);
            nameAt += entry.name().length;
        }
        entries.forEach(entry -> block.put(entry.name()));
        block.clear();
    }
}
