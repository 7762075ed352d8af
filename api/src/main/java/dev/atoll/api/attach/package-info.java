/** Attaching to a command over a WebSocket: its output, input, terminal and end in one connection. */
@NullMarked
package dev.atoll.api.attach;

import org.jspecify.annotations.NullMarked;
