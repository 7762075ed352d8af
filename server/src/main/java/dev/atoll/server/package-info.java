/** The platform in one process: its wiring and its start. */
@NullMarked
package dev.atoll.server;

import org.jspecify.annotations.NullMarked;
