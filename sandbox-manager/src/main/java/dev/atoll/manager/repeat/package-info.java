/** Answers that are kept under an idempotency key, for requests that cannot be carried out twice. */
@NullMarked
package dev.atoll.manager.repeat;

import org.jspecify.annotations.NullMarked;
