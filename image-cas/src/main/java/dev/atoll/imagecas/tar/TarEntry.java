package dev.atoll.imagecas.tar;

import java.util.Set;

/**
 * One member of a tar stream.
 *
 * @param type what it is
 * @param path its path as the archive has it, raw bytes
 * @param linkTarget where a link leads; empty for all else
 * @param mode permission bits
 * @param uid owner, unsigned
 * @param gid group, unsigned
 * @param size bytes of its content, holes included
 * @param mtimeSeconds last change in seconds since 1970
 * @param mtimeNanos fraction of the second
 * @param extendedAttributes names of its extended attributes
 */
public record TarEntry(
        Type type,
        byte[] path,
        byte[] linkTarget,
        int mode,
        int uid,
        int gid,
        long size,
        long mtimeSeconds,
        int mtimeNanos,
        Set<String> extendedAttributes) {
    /** The kinds of members that stand for something in a file system. */
    public enum Type {
        FILE,
        HARD_LINK,
        SYMBOLIC_LINK,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        DIRECTORY,
        FIFO
    }
}
