/** Sides that take turns, so that whatever else the machine does falls on all of them alike. */
@NullMarked
package dev.atoll.bench.turn;

import org.jspecify.annotations.NullMarked;
