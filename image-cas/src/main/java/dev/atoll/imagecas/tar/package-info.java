/** Reads tar streams from strangers. */
@NullMarked
package dev.atoll.imagecas.tar;

import org.jspecify.annotations.NullMarked;
