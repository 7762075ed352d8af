/** What went wrong, as the terminal shows it, and the exit codes that say it to scripts. */
@NullMarked
package dev.atoll.cli.problem;

import org.jspecify.annotations.NullMarked;
