/** {@code cp}: files and directories between this machine and a sandbox. */
@NullMarked
package dev.atoll.cli.copy;

import org.jspecify.annotations.NullMarked;
