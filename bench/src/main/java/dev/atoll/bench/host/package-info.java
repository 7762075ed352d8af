/** The machine: its processes, memory and control groups, and the processes that the benchmarks start. */
@NullMarked
package dev.atoll.bench.host;

import org.jspecify.annotations.NullMarked;
