/** Keys by which a caller repeats a request without repeating what it does. */
@NullMarked
package dev.atoll.manager.idempotency;

import org.jspecify.annotations.NullMarked;
