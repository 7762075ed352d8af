/** Who asks: the key of a request. */
@NullMarked
package dev.atoll.api.key;

import org.jspecify.annotations.NullMarked;
