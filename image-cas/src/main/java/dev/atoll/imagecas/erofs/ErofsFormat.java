package dev.atoll.imagecas.erofs;

import dev.atoll.imagecas.tree.Attributes;
import dev.atoll.imagecas.tree.Directory;
import dev.atoll.imagecas.tree.Node;
import java.nio.ByteBuffer;

/**
 * The part of the EROFS on-disk format that images use. It is the part that gVisor reads: no incompatible feature, blocks of 4 KiB,
 * extended inodes, all data in whole blocks of its own (never inlined: gVisor cannot execute or map inlined files), no extended attributes.
 *
 * <p>Everything is little-endian. Inodes lie in one table right behind the superblock, so the number of an inode gives its place.
 */
final class ErofsFormat {
    static final int BLOCK_BITS = 12;
    static final int BLOCK = 1 << BLOCK_BITS;
    static final int SUPERBLOCK_AT = 1024;
    static final int SUPERBLOCK = 128;
    static final int MAGIC = 0xe0f5e1e2;
    static final int CHECKSUM_AT = SUPERBLOCK_AT + 4;
    static final int INODE = 64;
    static final int INODE_TABLE_AT = SUPERBLOCK_AT + SUPERBLOCK;
    static final int DIRENT = 12;

    /** Inode numbers count units of this many bytes from the start of the file. */
    private static final int INODE_UNIT = 32;

    /** The superblock has a checksum, and inodes have times of change. Readers that know neither ignore them. */
    private static final int COMPATIBLE_FEATURES = 0x1 | 0x2;

    /** Extended inode with plain data. */
    private static final short INODE_FORMAT = 1;

    private ErofsFormat() {}

    /** The number by which directories name the inode at this index of the table. */
    static long number(int index) {
        return (INODE_TABLE_AT + (long) index * INODE) / INODE_UNIT;
    }

    static long blocks(long bytes) {
        return (bytes + BLOCK - 1) >>> BLOCK_BITS;
    }

    /** Writes the superblock with a checksum of 0. */
    static void superblock(ByteBuffer out, long inodes, long blocks) {
        int start = out.position();
        out.putInt(MAGIC).putInt(0).putInt(COMPATIBLE_FEATURES);
        out.put((byte) BLOCK_BITS).put((byte) 0).putShort((short) number(0));
        out.putLong(inodes).putLong(0).putInt(0);
        out.putInt(Math.toIntExact(blocks));
        out.put(new byte[SUPERBLOCK - (out.position() - start)]);
    }

    static void inode(ByteBuffer out, Node node, int index, long size, long block, int links) {
        Attributes attributes = node.attributes();
        out.putShort(INODE_FORMAT).putShort((short) 0);
        out.putShort((short) (kind(node).mode | attributes.mode())).putShort((short) 0);
        out.putLong(size).putInt((int) block).putInt(index + 1);
        out.putInt(attributes.uid()).putInt(attributes.gid());
        out.putLong(attributes.mtimeSeconds()).putInt(attributes.mtimeNanos());
        out.putInt(links).putLong(0).putLong(0);
    }

    static Kind kind(Node node) {
        return switch (node) {
            case Node.RegularFile file -> Kind.FILE;
            case Directory directory -> Kind.DIRECTORY;
            case Node.Fifo fifo -> Kind.FIFO;
            case Node.SymbolicLink link -> Kind.SYMBOLIC_LINK;
        };
    }

    /** How an inode's mode and a directory entry tell the kinds of files. */
    enum Kind {
        FILE(0100000, 1),
        DIRECTORY(0040000, 2),
        FIFO(0010000, 5),
        SYMBOLIC_LINK(0120000, 7);

        final int mode;
        final byte entry;

        Kind(int mode, int entry) {
            this.mode = mode;
            this.entry = (byte) entry;
        }
    }
}
