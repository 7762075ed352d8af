/** Strict JSON in, plain JSON out. */
@NullMarked
package dev.atoll.api.json;

import org.jspecify.annotations.NullMarked;
