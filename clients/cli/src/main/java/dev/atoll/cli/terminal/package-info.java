/** The three standard streams, progress, tables and signals of the terminal that the client runs in. */
@NullMarked
package dev.atoll.cli.terminal;

import org.jspecify.annotations.NullMarked;
