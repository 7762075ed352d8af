package dev.atoll.imagecas.tree;

import dev.atoll.imagecas.content.Content;

/** A file of any kind. One node under several names is a hard link. */
public sealed interface Node permits Directory, Node.RegularFile, Node.SymbolicLink, Node.Fifo {
    Attributes attributes();

    /** A file with content. */
    record RegularFile(Attributes attributes, Content content) implements Node {}

    /** A symbolic link; {@code target} is never empty and never resolved outside the tree. */
    record SymbolicLink(Attributes attributes, byte[] target) implements Node {}

    /** A named pipe. */
    record Fifo(Attributes attributes) implements Node {}
}
