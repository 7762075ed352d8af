/** Boxes that are kept ready: how many of which kind, made ahead of need, taken once. */
@NullMarked
package dev.atoll.hostagent.pool;

import org.jspecify.annotations.NullMarked;
