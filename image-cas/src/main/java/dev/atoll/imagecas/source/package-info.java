/** What an image can be made from, and how the making reports its progress. */
@NullMarked
package dev.atoll.imagecas.source;

import org.jspecify.annotations.NullMarked;
