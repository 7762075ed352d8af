/** Writes and reads EROFS image files in the one plain form that gVisor accepts. */
@NullMarked
package dev.atoll.imagecas.erofs;

import org.jspecify.annotations.NullMarked;
