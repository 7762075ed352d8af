/** Measures Atoll from outside, over REST, beside runsc driven by its command line, in one interleaved run. */
@NullMarked
package dev.atoll.bench;

import org.jspecify.annotations.NullMarked;
