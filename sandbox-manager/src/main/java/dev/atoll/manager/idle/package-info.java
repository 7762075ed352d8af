/** How long sandboxes live: what ends those that nothing uses, what holds them, and what lets them live longer. */
@NullMarked
package dev.atoll.manager.idle;

import org.jspecify.annotations.NullMarked;
