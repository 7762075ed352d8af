/** One command in a sandbox of its own, which is deleted when the command has ended. */
@NullMarked
package dev.atoll.cli.run;

import org.jspecify.annotations.NullMarked;
