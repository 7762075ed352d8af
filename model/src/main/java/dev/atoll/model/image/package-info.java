/** Images as users see them: a name that points to immutable content. */
@NullMarked
package dev.atoll.model.image;

import org.jspecify.annotations.NullMarked;
