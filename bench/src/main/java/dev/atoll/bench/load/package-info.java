/** The benchmarks, one class each. */
@NullMarked
package dev.atoll.bench.load;

import org.jspecify.annotations.NullMarked;
