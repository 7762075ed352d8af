/** Several things done in one sandbox in one call. */
@NullMarked
package dev.atoll.manager.batch;

import org.jspecify.annotations.NullMarked;
