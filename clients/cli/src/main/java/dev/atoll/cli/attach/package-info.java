/** A terminal here that is a command's there: shell, exec -it, attach, and a look at what a command wrote. */
@NullMarked
package dev.atoll.cli.attach;

import org.jspecify.annotations.NullMarked;
