/** What happened to sandboxes, over HTTP. */
@NullMarked
package dev.atoll.api.event;

import org.jspecify.annotations.NullMarked;
