/** Refusals and failures as values with stable codes, and the one exception that carries them. */
@NullMarked
package dev.atoll.model.problem;

import org.jspecify.annotations.NullMarked;
