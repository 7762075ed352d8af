/** Figures and how they are shown: tables for people, JSON for machines. */
@NullMarked
package dev.atoll.bench.figure;

import org.jspecify.annotations.NullMarked;
