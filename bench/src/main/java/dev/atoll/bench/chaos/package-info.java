/** A platform that is killed again and again under load, and the search for what it lost. */
@NullMarked
package dev.atoll.bench.chaos;

import org.jspecify.annotations.NullMarked;
