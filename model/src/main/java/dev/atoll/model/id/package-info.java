/** Typed, prefixed identifiers: an id of one kind cannot be passed for another. */
@NullMarked
package dev.atoll.model.id;

import org.jspecify.annotations.NullMarked;
