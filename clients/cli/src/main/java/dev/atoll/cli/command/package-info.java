/** What can be typed: the table of commands, reading arguments by it, help and shell completion drawn from it. */
@NullMarked
package dev.atoll.cli.command;

import org.jspecify.annotations.NullMarked;
