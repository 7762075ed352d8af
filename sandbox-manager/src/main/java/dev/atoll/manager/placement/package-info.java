/** The choice of a host for a sandbox: pure, with reasons when there is none. */
@NullMarked
package dev.atoll.manager.placement;

import org.jspecify.annotations.NullMarked;
