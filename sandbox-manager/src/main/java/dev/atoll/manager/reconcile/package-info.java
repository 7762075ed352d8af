/** Compares what should be with what hosts have, and mends the difference by events. */
@NullMarked
package dev.atoll.manager.reconcile;

import org.jspecify.annotations.NullMarked;
