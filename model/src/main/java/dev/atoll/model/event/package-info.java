/** What happened to sandboxes, as their owners read it. */
@NullMarked
package dev.atoll.model.event;

import org.jspecify.annotations.NullMarked;
