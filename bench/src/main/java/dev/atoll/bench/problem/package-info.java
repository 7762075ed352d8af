/** Why a benchmark cannot run, for the person at the terminal. */
@NullMarked
package dev.atoll.bench.problem;

import org.jspecify.annotations.NullMarked;
