/** Use cases on the log of what happened to sandboxes, and the way that hosts' news take into it. */
@NullMarked
package dev.atoll.manager.event;

import org.jspecify.annotations.NullMarked;
