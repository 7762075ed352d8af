/** The hosts that run sandboxes, behind one port. */
@NullMarked
package dev.atoll.manager.host;

import org.jspecify.annotations.NullMarked;
