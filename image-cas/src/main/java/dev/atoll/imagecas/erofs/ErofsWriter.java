package dev.atoll.imagecas.erofs;

import dev.atoll.imagecas.content.BodySpool;
import dev.atoll.imagecas.content.Content;
import dev.atoll.imagecas.content.Digests;
import dev.atoll.imagecas.content.DiskProblems;
import dev.atoll.imagecas.source.Progress;
import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.imagecas.tree.Directory;
import dev.atoll.imagecas.tree.Node;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/** Writes a tree as an EROFS image file. The same tree gives the same bytes. Stateless. */
public final class ErofsWriter {
    private static final int REPORT_EVERY = 64 << 20;

    private ErofsWriter() {}

    /**
     * What was written.
     *
     * @param sha256 digest of all metadata and of the digests of all contents, in their order: equal for equal files only
     * @param sizeBytes size of the file
     * @param entries names in the tree
     */
    public record Written(byte[] sha256, long sizeBytes, long entries) {}

    /**
     * Writes the file, which must not exist, and forces it to disk.
     *
     * @param spool where the contents of the tree's files lie
     * @param reserve room in bytes that stays free on the disk
     * @throws dev.atoll.model.problem.ProblemException {@code disk_full}
     */
    public static Written write(Directory root, BodySpool spool, Path file, long reserve, ProgressListener progress) {
        ErofsLayout layout = new ErofsLayout(root);
        long size = layout.totalBlocks() * ErofsFormat.BLOCK;
        DiskProblems.requireRoom(file, size, reserve);
        MessageDigest digest = Digests.sha256();
        try (BlockFile out = new BlockFile(file, digest)) {
            writeInodes(layout, out);
            writeDirectoriesAndLinks(layout, out);
            out.endDigest();
            for (Content content : layout.contents()) {
                content.describeTo(digest);
            }
            writeContents(layout.contents(), spool, out, progress);
            progress.report(Progress.of("forcing the image to disk"));
            out.finish();
        }
        return new Written(digest.digest(), size, layout.names());
    }

    private static void writeInodes(ErofsLayout layout, BlockFile out) {
        out.room(ErofsFormat.BLOCK).put(new byte[ErofsFormat.SUPERBLOCK_AT]);
        List<Node> nodes = layout.nodes();
        ErofsFormat.superblock(out.room(ErofsFormat.SUPERBLOCK), nodes.size(), layout.totalBlocks());
        for (int i = 0; i < nodes.size(); i++) {
            ByteBuffer buffer = out.room(ErofsFormat.INODE);
            ErofsFormat.inode(buffer, nodes.get(i), i, layout.size(i), layout.block(i), layout.links(i));
        }
        out.pad();
    }

    private static void writeDirectoriesAndLinks(ErofsLayout layout, BlockFile out) {
        List<Node> nodes = layout.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            switch (nodes.get(i)) {
                case Directory directory ->
                    layout.directory(i, directory)
                            .write(block -> out.room(ErofsFormat.BLOCK).put(block));
                case Node.SymbolicLink link -> {
                    out.room(ErofsFormat.BLOCK).put(link.target());
                    out.pad();
                }
                case Node.RegularFile file -> {}
                case Node.Fifo fifo -> {}
            }
        }
    }

    private static void writeContents(
            List<Content> contents, BodySpool spool, BlockFile out, ProgressListener progress) {
        long total = contents.stream().mapToLong(Content::size).sum();
        long done = 0;
        long reported = 0;
        for (Content content : contents) {
            for (long from = 0; from < content.size(); ) {
                ByteBuffer buffer = out.some();
                int length = (int) Math.min(buffer.remaining(), content.size() - from);
                ByteBuffer part = buffer.slice(buffer.position(), length);
                spool.read(content, from, part);
                buffer.position(buffer.position() + length);
                from += length;
            }
            out.pad();
            done += content.size();
            if (done - reported >= REPORT_EVERY) {
                reported = done;
                progress.report(new Progress("writing the image", done, total, Progress.Unit.BYTES));
            }
        }
    }
}
