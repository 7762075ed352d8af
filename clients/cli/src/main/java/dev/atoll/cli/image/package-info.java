/** Images: list, import, make, remove. */
@NullMarked
package dev.atoll.cli.image;

import org.jspecify.annotations.NullMarked;
