/** File contents on their way into an image: spooled to disk once, named by digest. */
@NullMarked
package dev.atoll.imagecas.content;

import org.jspecify.annotations.NullMarked;
