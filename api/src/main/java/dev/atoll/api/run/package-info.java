/** Runs over HTTP: a sandbox, a command, its output and its files in one call. */
@NullMarked
package dev.atoll.api.run;

import org.jspecify.annotations.NullMarked;
