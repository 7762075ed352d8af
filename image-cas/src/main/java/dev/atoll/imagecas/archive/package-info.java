/** Recognises what an uploaded file is and turns it into a tree. */
@NullMarked
package dev.atoll.imagecas.archive;

import org.jspecify.annotations.NullMarked;
