/** Running a command in a sandbox with its streams and signals joined to ours. */
@NullMarked
package dev.atoll.cli.exec;

import org.jspecify.annotations.NullMarked;
