/** Answers to requests that carry an idempotency key. */
@NullMarked
package dev.atoll.api.repeat;

import org.jspecify.annotations.NullMarked;
