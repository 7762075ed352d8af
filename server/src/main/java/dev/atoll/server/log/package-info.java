/** Where the platform's log goes and what a line looks like. */
@NullMarked
package dev.atoll.server.log;

import org.jspecify.annotations.NullMarked;
