/** A sandbox, a command, its output and its files in one call, with nothing left behind. */
@NullMarked
package dev.atoll.manager.run;

import org.jspecify.annotations.NullMarked;
