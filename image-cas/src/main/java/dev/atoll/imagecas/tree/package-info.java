/** A file system tree in memory, built from untrusted archives without touching the host's file system. */
@NullMarked
package dev.atoll.imagecas.tree;

import org.jspecify.annotations.NullMarked;
