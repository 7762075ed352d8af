/** The process on a host that owns its running sandboxes: settings, wiring and the agent itself. */
@NullMarked
package dev.atoll.hostagent;

import org.jspecify.annotations.NullMarked;
