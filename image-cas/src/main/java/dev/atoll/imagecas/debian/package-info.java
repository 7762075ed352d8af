/** Assembles a root file system from Debian packages. */
@NullMarked
package dev.atoll.imagecas.debian;

import org.jspecify.annotations.NullMarked;
