package dev.atoll.imagecas.erofs;

import dev.atoll.imagecas.content.Content;
import dev.atoll.imagecas.tree.Directory;
import dev.atoll.imagecas.tree.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where everything of a tree goes: superblock and inodes, then directories and link targets, then contents, each group in the order of a
 * walk through the sorted tree. The same tree has the same layout, whatever the order of the archive it came from.
 */
final class ErofsLayout {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Node, Integer> indexes = new IdentityHashMap<>();
    private final List<Content> contents = new ArrayList<>();
    private final Map<Content, Long> contentBlocks = new IdentityHashMap<>();
    private int[] links = new int[1024];
    private int[] parents = new int[1024];
    private long[] blocks = new long[0];
    private long[] sizes = new long[0];
    private long names;
    private long metadataBlocks;
    private long totalBlocks;

    ErofsLayout(Directory root) {
        number(root, 0);
        place();
    }

    /** All inodes in the order of the table. */
    List<Node> nodes() {
        return nodes;
    }

    /** The distinct contents in the order in which they lie in the file. */
    List<Content> contents() {
        return contents;
    }

    /** Blocks before the first content. */
    long metadataBlocks() {
        return metadataBlocks;
    }

    long totalBlocks() {
        return totalBlocks;
    }

    /** Names in the tree, the root's not counted; hard links make them more than the inodes. */
    long names() {
        return names;
    }

    int links(int index) {
        return links[index];
    }

    long block(int index) {
        return blocks[index];
    }

    long size(int index) {
        return sizes[index];
    }

    DirectoryBlocks directory(int index, Directory directory) {
        return new DirectoryBlocks(directory, index, parents[index], this::index);
    }

    private int index(Node node) {
        Integer index = indexes.get(node);
        if (index == null) {
            throw new IllegalStateException("every node of the tree was numbered");
        }
        return index;
    }

    private void number(Node node, int parent) {
        Integer known = indexes.get(node);
        if (known != null) {
            links[known]++;
            return;
        }
        int index = nodes.size();
        if (index == links.length) {
            links = Arrays.copyOf(links, index * 2);
            parents = Arrays.copyOf(parents, index * 2);
        }
        nodes.add(node);
        indexes.put(node, index);
        parents[index] = parent;
        if (node instanceof Directory directory) {
            links[index] = 2;
            directory.forEach((name, child) -> {
                names++;
                number(child, index);
                if (child instanceof Directory) {
                    links[index]++;
                }
            });
        } else {
            links[index] = 1;
        }
    }

    private void place() {
        blocks = new long[nodes.size()];
        sizes = new long[nodes.size()];
        long next = ErofsFormat.blocks(ErofsFormat.INODE_TABLE_AT + (long) nodes.size() * ErofsFormat.INODE);
        for (int i = 0; i < nodes.size(); i++) {
            switch (nodes.get(i)) {
                case Directory directory -> {
                    sizes[i] = directory(i, directory).size();
                    blocks[i] = next;
                    next += ErofsFormat.blocks(sizes[i]);
                }
                case Node.SymbolicLink link -> {
                    sizes[i] = link.target().length;
                    blocks[i] = next++;
                }
                case Node.RegularFile file -> sizes[i] = file.content().size();
                case Node.Fifo fifo -> sizes[i] = 0;
            }
        }
        metadataBlocks = next;
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i) instanceof Node.RegularFile file && file.content().size() > 0) {
                Long block = contentBlocks.get(file.content());
                if (block == null) {
                    block = next;
                    contentBlocks.put(file.content(), block);
                    contents.add(file.content());
                    next += ErofsFormat.blocks(file.content().size());
                }
                blocks[i] = block;
            }
        }
        totalBlocks = next;
    }
}
