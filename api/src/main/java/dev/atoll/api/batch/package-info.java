/** The route that does several things in one sandbox in one call. */
@NullMarked
package dev.atoll.api.batch;

import org.jspecify.annotations.NullMarked;
