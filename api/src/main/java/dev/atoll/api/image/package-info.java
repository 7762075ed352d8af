/** Images over HTTP. */
@NullMarked
package dev.atoll.api.image;

import org.jspecify.annotations.NullMarked;
