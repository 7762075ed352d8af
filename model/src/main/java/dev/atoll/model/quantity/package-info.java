/** Amounts with units: memory, CPU and durations, as people write them and as the platform counts them. */
@NullMarked
package dev.atoll.model.quantity;

import org.jspecify.annotations.NullMarked;
