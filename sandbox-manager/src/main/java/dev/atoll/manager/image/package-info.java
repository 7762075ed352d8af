/** Use cases on images. */
@NullMarked
package dev.atoll.manager.image;

import org.jspecify.annotations.NullMarked;
